"""What ordinary mails are made of (harmless.py). The two halves share no sentence."""

from __future__ import annotations

MAILS: dict[str, dict[str, dict[str, list[str]]]] = {
    "test": {
        "en": {
            "greetings": ["Dear colleagues,", "Hi Nuala,", "Good morning,", "Dear Mr Farrow,", "Hello everybody,"],
            "bodies": [
                "the scaffolding on the north side comes down on Thursday, so please move your bicycles before eight.",
                "Attached you find the minutes of Monday. If something is missing, write to me by the end of the week.",
                "We have looked at the three offers for the new boiler. The second one is dearer, but it includes the flue.",
                "Could you send me the slides that you showed in Porto? My manager would like to see the part on pricing.",
                "The course starts at half past nine in room 12. Bring a laptop; we have adapters for most plugs.",
                "Your parcel is with the neighbour on the ground floor, since nobody opened when the driver rang.",
                "I checked the figures again: the difference of 312.40 comes from an invoice that was booked twice in May.",
                "Thanks for the quick repair. The heating has run without a sound since Friday.",
                "The release is planned for the ninth. Tests of the import are green, those of the export still wait for data.",
                "Please remember to hand in your holiday plans, as the rota for August is made next week.",
                "As agreed, we end the contract on the thirtieth and will read the meter together that morning.",
                "The doctor has no free time before the fourteenth; shall I put you down for ten to eleven?",
                "There was a problem with the printer on the second floor: it prints in blue only. A technician comes tomorrow.",
                "It would be great if two more people helped with the summer party; so far we are five.",
            ],
            "closings": ["Kind regards\nOrla", "Best wishes,\nthe housing committee", "Yours sincerely\nP. Farrow", "Cheers\nMatt", "Thank you\nReception"],
            "before": ["On Tuesday Orla wrote:", "-----Original message-----"],
        },
        "es": {
            "greetings": ["Estimados compañeros:", "Hola, Nerea:", "Buenos días:", "Estimado señor Ferrer:", "Hola a todos:"],
            "bodies": [
                "el jueves quitan el andamio de la fachada norte, así que mover las bicicletas antes de las ocho, por favor.",
                "Os adjunto el acta del lunes. Si falta algo, escribidme antes de que acabe la semana.",
                "Hemos mirado los tres presupuestos de la caldera. El segundo es más caro, pero incluye la chimenea.",
                "¿Me pasas las diapositivas que enseñaste en Oporto? Mi jefa quiere ver la parte de precios.",
                "El curso empieza a las nueve y media en la sala 12. Traed portátil; tenemos adaptadores de casi todo.",
                "Su paquete está en casa del vecino del bajo, porque nadie abrió cuando llamó el repartidor.",
                "He repasado las cifras: la diferencia de 312,40 viene de una factura apuntada dos veces en mayo.",
                "Gracias por venir tan rápido. La calefacción va sin ruido desde el viernes.",
                "La entrega está prevista para el día nueve. Las pruebas de importación pasan; las de exportación esperan datos.",
                "Recordad entregar las vacaciones: la semana que viene se hace el cuadrante de agosto.",
                "Según lo acordado, el contrato termina el día treinta y esa mañana leeremos juntos el contador.",
                "El médico no tiene hueco antes del catorce. ¿Le apunto a las once menos diez?",
                "La impresora de la segunda planta tiene un problema: solo imprime en azul. Mañana viene un técnico.",
                "Estaría bien que dos personas más ayudaran con la fiesta de verano; por ahora somos cinco.",
            ],
            "closings": ["Un saludo,\nOihane", "Saludos cordiales,\nla comunidad de vecinos", "Atentamente,\nP. Ferrer", "Un abrazo\nMateo", "Gracias\nRecepción"],
            "before": ["El martes, Oihane escribió:", "-----Mensaje original-----"],
        },
    },
    "tuned": {
        "en": {
            "greetings": ["Hello team,", "Dear Ms Hale,", "Hi,"],
            "bodies": [
                "the lift is out of order until Wednesday; the stairs at the back are open all day.",
                "I have put the photos of the trip into the shared folder, about two hundred of them.",
                "The supplier asks whether we want the blue lids or the grey ones. Grey is here a week sooner.",
                "Can we move our talk to three? The train from Leeds is late.",
                "The quote for the roof is 8,400 without tax and holds until the end of June.",
                "Your application has arrived. You will hear from us within two weeks.",
            ],
            "closings": ["Regards\nJune", "All the best\nTom", "Bye,\nL."],
            "before": ["On Monday June wrote:"],
        },
        "es": {
            "greetings": ["Hola, equipo:", "Estimada señora Gil:", "Hola:"],
            "bodies": [
                "el ascensor no funciona hasta el miércoles; la escalera de atrás está abierta todo el día.",
                "He subido las fotos del viaje a la carpeta compartida, unas doscientas.",
                "El proveedor pregunta si queremos las tapas azules o las grises. Las grises llegan una semana antes.",
                "¿Podemos pasar la charla a las tres? El tren de León viene con retraso.",
                "El presupuesto del tejado son 8.400 sin impuestos y vale hasta finales de junio.",
                "Hemos recibido su solicitud. Le contestaremos en dos semanas.",
            ],
            "closings": ["Saludos\nJulia", "Un abrazo\nTomás", "Adiós,\nL."],
            "before": ["El lunes, Julia escribió:"],
        },
    },
}  # fmt: skip
