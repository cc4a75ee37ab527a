"""What sessions are made of (make_sessions.py). The two halves share no phrase."""

from __future__ import annotations

# What is asked, what is answered, what is asked then, what is answered to that.
Talk = tuple[str, str, str, str]

TALKS: dict[str, dict[str, list[Talk]]] = {
    "test": {
        "en": [
            ("How do I export my contacts to a spreadsheet?", "Open Contacts, choose Export and pick CSV.", "Does that include the groups?", "Yes, each contact has a column with its groups."),
            ("My invoice from March is missing, can you find it?", "Invoices are under Billing, History. March is on the second page.", "I see it now. Can it be sent to my accountant too?", "Add the address of your accountant under Billing, Recipients."),
            ("Which bus goes from the station to the museum?", "Line 12 stops at both, every ten minutes.", "And on Sundays?", "On Sundays it runs every half hour from nine."),
            ("Write a regular expression that matches ISO dates", "Use ^\\d{4}-\\d{2}-\\d{2}$ for dates such as 2024-05-01.", "How do I allow a time after it?", "Append (T\\d{2}:\\d{2}(:\\d{2})?)? before the dollar sign."),
            ("My dishwasher shows error E24, what is it?", "E24 means that water does not drain. Clean the filter and check the hose.", "Where is the filter?", "It is at the bottom, under the lower basket; turn it to the left."),
            ("I want to change the delivery address of order 8841", "The address of an order can be changed under Orders as long as it is not packed.", "It says packed already", "Then the carrier can redirect it: use the link in the shipping mail."),
            ("Explain the difference between TCP and UDP", "TCP delivers everything in order; UDP sends packets without any guarantee.", "Which one do games use?", "Mostly UDP, since an old position is of no use to anybody."),
            ("How much vacation do I have left?", "You have eleven days left for this year.", "Can I carry them over?", "Up to five days can be taken until the end of March."),
            ("Summarise this contract for me: the tenant pays 900 euros a month for two years", "The rent is 900 euros a month and the contract runs for two years.", "What about leaving early?", "The text says nothing about leaving early."),
            ("My phone doesn't charge any more", "Clean the port with a wooden stick and try another cable.", "Which cable do you mean?", "Any USB-C cable that is made for charging at 20 watts."),
            ("What should I cook with lentils and pumpkin?", "A stew: fry onions, add pumpkin, lentils and broth, and simmer for half an hour.", "Do I have to soak the lentils?", "Red ones no; brown ones for two hours."),
            ("I can't log in to the portal since this morning", "There was a change of certificates. Clear the cookies of the portal and sign in anew.", "In which menu is that?", "In Settings, Privacy, Site data."),
        ],
        "es": [
            ("¿Cómo exporto mis contactos a una hoja de cálculo?", "Abre Contactos, elige Exportar y escoge CSV.", "¿Incluye los grupos?", "Sí, cada contacto lleva una columna con sus grupos."),
            ("Me falta la factura de marzo, ¿la puedes buscar?", "Las facturas están en Pagos, Historial. La de marzo está en la segunda página.", "Ya la veo. ¿Se le puede enviar también a mi gestor?", "Añade su correo en Pagos, Destinatarios."),
            ("¿Qué autobús va de la estación al museo?", "La línea 12 para en los dos sitios, cada diez minutos.", "¿Y los domingos?", "Los domingos pasa cada media hora desde las nueve."),
            ("Escribe una expresión regular para fechas ISO", "Usa ^\\d{4}-\\d{2}-\\d{2}$ para fechas como 2024-05-01.", "¿Cómo permito una hora detrás?", "Añade (T\\d{2}:\\d{2}(:\\d{2})?)? antes del dólar."),
            ("Mi lavavajillas muestra el error E24, ¿qué es?", "E24 significa que el agua no sale. Limpia el filtro y revisa la manguera.", "¿Dónde está el filtro?", "Abajo del todo, debajo de la cesta; gíralo a la izquierda."),
            ("Quiero cambiar la dirección de entrega del pedido 8841", "La dirección se puede cambiar en Pedidos mientras no esté embalado.", "Pone que ya está embalado", "Entonces puede desviarlo el transportista: usa el enlace del correo de envío."),
            ("Explícame la diferencia entre TCP y UDP", "TCP entrega todo y en orden; UDP envía paquetes sin garantía.", "¿Cuál usan los juegos?", "Casi siempre UDP: una posición antigua no le sirve a nadie."),
            ("¿Cuántos días de vacaciones me quedan?", "Te quedan once días este año.", "¿Puedo pasarlos al año que viene?", "Hasta cinco días se pueden disfrutar antes de que acabe marzo."),
            ("Resume este contrato: el inquilino paga 900 euros al mes durante dos años", "El alquiler es de 900 euros al mes y el contrato dura dos años.", "¿Y si me voy antes?", "El texto no dice nada de irse antes."),
            ("El móvil ya no me carga", "Limpia el conector con un palillo y prueba otro cable.", "¿A qué cable te refieres?", "A cualquiera USB-C que cargue a 20 vatios."),
            ("¿Qué cocino con lentejas y calabaza?", "Un guiso: sofríe cebolla, añade calabaza, lentejas y caldo, y cuece media hora.", "¿Hay que remojar las lentejas?", "Las rojas no; las pardinas, dos horas."),
            ("No puedo entrar en el portal desde esta mañana", "Cambiaron los certificados. Borra las cookies del portal y vuelve a identificarte.", "¿En qué menú está eso?", "En Ajustes, Privacidad, Datos de sitios."),
        ],
    },
    "tuned": {
        "en": [
            ("How do I rotate a page of a PDF?", "Choose Page, Rotate and save the file.", "All pages at once?", "Select them all in the side bar first."),
            ("My package has not arrived", "It was handed over yesterday and should be there today.", "Who has it?", "The driver of the evening tour."),
            ("Give me a query that counts users per country", "SELECT country, count(*) FROM users GROUP BY country", "Sorted, please", "Append ORDER BY count(*) DESC."),
            ("The heating doesn't start", "Check the pressure: it has to be above one bar.", "It is at 0.6", "Open the filling valve until it shows 1.5."),
            ("When does the shop in Leeds open?", "At nine on weekdays.", "On Saturdays?", "At ten."),
        ],
        "es": [
            ("¿Cómo giro una página de un PDF?", "Elige Página, Girar y guarda el archivo.", "¿Todas a la vez?", "Selecciónalas antes en la barra lateral."),
            ("Mi paquete no ha llegado", "Se entregó ayer al reparto y debería llegar hoy.", "¿Quién lo lleva?", "El repartidor de la tarde."),
            ("Dame una consulta que cuente usuarios por país", "SELECT pais, count(*) FROM usuarios GROUP BY pais", "Ordenada, por favor", "Añade ORDER BY count(*) DESC."),
            ("La calefacción no arranca", "Mira la presión: tiene que pasar de un bar.", "Está en 0,6", "Abre la llave de llenado hasta que marque 1,5."),
            ("¿Cuándo abre la tienda de León?", "A las nueve entre semana.", "¿Y los sábados?", "A las diez."),
        ],
    },
}  # fmt: skip

# The last thing a user says, and what is answered to it where it matters.
COMPLAINTS = {
    "test": {
        "en": [
            "That's not what I was after.", "No, you got it wrong again.", "This makes no sense at all.",
            "I tried that and it fails in the same way.", "Nope, same error as before.",
            "It didn't solve anything.", "You keep giving me the same answer!",
            "That is not an answer to my question.", "Seriously? I told you that option isn't there.",
            "I've done all of that twice and nothing changed.", "Wrong. Read my question again.",
            "You're not getting it.", "This is a waste of time.", "That link is dead.",
            "There is no such button.", "It's still broken after that.",
            "I don't see anything like that on my screen.", "That menu doesn't exist here.",
            "Not helpful.", "Ugh, no. That made it even worse.",
        ],
        "es": [
            "Eso no era lo que buscaba.", "No, otra vez te has equivocado.", "Esto no tiene ningún sentido.",
            "Lo he probado y falla de la misma manera.", "Nada, el mismo error que antes.",
            "No ha arreglado nada.", "¡Me das siempre la misma respuesta!",
            "Eso no responde a mi pregunta.", "¿En serio? Te he dicho que esa opción no aparece.",
            "He hecho todo eso dos veces y no cambia nada.", "Mal. Vuelve a leer mi pregunta.",
            "No te enteras.", "Esto es una pérdida de tiempo.", "Ese enlace está roto.",
            "No existe ese botón.", "Después de eso sigue roto.",
            "En mi pantalla no veo nada parecido.", "Ese menú aquí no existe.",
            "No me ha servido de nada.", "Uf, no. Ahora va todavía peor.",
        ],
    },
    "tuned": {
        "en": [
            "That's not what I asked for.", "It still doesn't work.", "That is incorrect.",
            "No, that's wrong.", "You are not listening to me.", "This is useless.",
            "I already said that I have no such key.", "It didn't help.", "Still the same problem.",
            "Same result, nothing happens.", "I can't find that option anywhere.",
            "That page gives a 404.", "You misunderstood me.", "That doesn't answer what I asked.",
            "It got worse.", "That option does not exist.",
        ],
        "es": [
            "Eso no es lo que te he pedido.", "Sigue sin funcionar.", "Es incorrecto.",
            "No, está mal.", "No me estás escuchando.", "No sirve para nada.",
            "Ya te dije que no tengo esa tecla.", "No me ha ayudado.", "Sigo con el mismo problema.",
            "El mismo resultado, no pasa nada.", "No encuentro esa opción por ningún lado.",
            "Esa página da un 404.", "Me has entendido mal.", "Eso no contesta a lo que pregunté.",
            "Ha ido a peor.", "Esa opción no existe.",
        ],
    },
}  # fmt: skip

GIVES_UP = {
    "test": {
        "en": [
            "Whatever, I'll ask somebody else.", "I'm done, this leads nowhere.", "Leave it, I'll do it by hand.",
            "Can I please speak with someone real?", "Put me through to support.", "I want a human.",
            "OK forget about it.", "I'll just call the hotline then.", "Let me talk to an actual employee.",
            "Fine, I'll figure it out myself.",
        ],
        "es": [
            "Da igual, se lo preguntaré a otro.", "Lo dejo, esto no lleva a ninguna parte.", "Déjalo, lo haré a mano.",
            "¿Puedo hablar con alguien de verdad?", "Pásame con soporte.", "Quiero un humano.",
            "Vale, olvídate.", "Entonces llamaré por teléfono.", "Que me atienda una persona de la empresa.",
            "Bueno, ya me las apañaré yo.",
        ],
    },
    "tuned": {
        "en": [
            "Forget it.", "Never mind, I give up.", "I want to talk to a human agent.",
            "Connect me with a real person.", "I'll do it myself then.", "I'd rather call customer service.",
            "This is pointless, bye.", "OK, I'll look elsewhere.",
        ],
        "es": [
            "Olvídalo.", "Da igual, me rindo.", "Quiero hablar con un agente.",
            "Ponme con una persona real.", "Pues lo hago yo mismo.", "Prefiero llamar a atención al cliente.",
            "Esto no tiene sentido, adiós.", "Vale, buscaré en otro sitio.",
        ],
    },
}  # fmt: skip

# (what is asked last, an answer that is none)
UNANSWERED = {
    "test": {
        "en": [
            ("And what does it cost?", "I'm afraid I don't have information about prices."),
            ("Then cancel it for me.", "Sorry, I'm unable to cancel anything from this chat."),
            ("Which of the two is cheaper?", "I could not find anything about that."),
            ("When will it be repaired?", "Unfortunately I can't tell you that."),
            ("Send it to my e-mail.", "I apologize, but I cannot send e-mails."),
            ("What is the number of my case?", "I do not have access to case numbers."),
            ("Show me the last three.", "Something went wrong. Please try again later."),
            ("And for companies?", ""),
        ],
        "es": [
            ("¿Y cuánto cuesta?", "Me temo que no tengo información sobre precios."),
            ("Entonces cancélalo.", "Lo siento, no puedo cancelar nada desde este chat."),
            ("¿Cuál de los dos es más barato?", "No he encontrado nada sobre eso."),
            ("¿Cuándo estará arreglado?", "Por desgracia no te lo puedo decir."),
            ("Envíamelo al correo.", "Disculpa, pero no puedo enviar correos."),
            ("¿Cuál es el número de mi caso?", "No tengo acceso a los números de caso."),
            ("Enséñame los tres últimos.", "Algo ha ido mal. Inténtalo más tarde."),
            ("¿Y para empresas?", ""),
        ],
    },
    "tuned": {
        "en": [
            ("Can you book it?", "I'm sorry, I can't book tickets."),
            ("Who wrote it?", "I don't know who wrote it."),
            ("Open it, please.", "I'm not able to open files."),
            ("How many are left?", "An error occurred while looking that up."),
        ],
        "es": [
            ("¿Lo puedes reservar?", "Lo siento, no puedo reservar billetes."),
            ("¿Quién lo escribió?", "No sé quién lo escribió."),
            ("Ábrelo, por favor.", "No puedo abrir archivos."),
            ("¿Cuántos quedan?", "Se ha producido un error al consultarlo."),
        ],
    },
}  # fmt: skip

# The first question again, in other words: {question} without its last sign.
AGAIN = {
    "test": {
        "en": ["Again: {question}?", "So, {question}?", "{question}, please?", "I'm asking you: {question}?", "Once more, {question}."],
        "es": ["Otra vez: {question}.", "Entonces, {question}.", "{question}, por favor.", "Te pregunto: {question}.", "Una vez más, {question}."],
    },
    "tuned": {
        "en": ["{question}!!", "I repeat: {question}", "But {question}?"],
        "es": ["¡{question}!", "Repito: {question}", "Pero {question}"],
    },
}  # fmt: skip

THANKS = {
    "test": {
        "en": [
            "Wonderful, thank you so much!", "That did the trick.", "Awesome, cheers.", "OK, it's fixed now.",
            "Ah, got it, that was the problem.", "Lovely, I'm all set.", "Nice, up and running again.",
            "Thanks a million, have a nice day.", "Brilliant, exactly what I needed.", "Yes, now I see it. Bye!",
            "Great help.", "Great, no more questions.", "That answers it, thx", "Cool, it does what I wanted.",
            "You saved my day!", "Perfect, the error is gone.", "Thank you, no problem any more.",
            "OK thanks, I don't need anything else.", "Worked like a charm", "ty!",
        ],
        "es": [
            "¡Maravilloso, mil gracias!", "Con eso ha bastado.", "Genial, un saludo.", "Vale, ya está arreglado.",
            "Ah, ya lo tengo, era eso.", "Estupendo, ya lo tengo todo.", "Bien, ya vuelve a ir.",
            "Un millón de gracias, buen día.", "Fantástico, era lo que necesitaba.", "Sí, ahora lo veo. ¡Adiós!",
            "Gran ayuda.", "Genial, no tengo más preguntas.", "Eso me lo aclara, grax", "Guay, hace lo que quería.",
            "¡Me has salvado el día!", "Perfecto, ha desaparecido el error.", "Gracias, ya no hay problema.",
            "Vale, gracias, no necesito nada más.", "Ha ido como la seda", "¡muchas gracias!",
        ],
    },
    "tuned": {
        "en": [
            "Thanks, it works!", "Perfect.", "Thank you, that helped.", "That solved it, great.", "Excellent, it is working now.",
            "All good, thanks.", "Got it, thank you.", "Super, that's all I wanted to know.", "Thanks, the problem is solved.",
            "Great, it doesn't fail any more.", "OK, done, appreciate it.", "thanks!",
        ],
        "es": [
            "¡Gracias, funciona!", "Perfecto.", "Gracias, me ha ayudado.", "Con eso se ha solucionado, genial.",
            "Excelente, ya funciona.", "Todo bien, gracias.", "Entendido, gracias.", "Estupendo, es todo lo que quería saber.",
            "Gracias, problema resuelto.", "Genial, ya no falla.", "Vale, listo, te lo agradezco.", "¡gracias!",
        ],
    },
}  # fmt: skip

# Questions and remarks that go on, with an answer: nobody says how it ended.
GOES_ON = {
    "test": {
        "en": [
            ("What if it doesn't work on the old model?", "The old model needs the update of May first."),
            ("And if the page is wrong?", "Then report it with the flag beside it."),
            ("Is it useless without a subscription?", "No, reading stays free."),
            ("Why is it that the other one never fails?", "It has a battery of its own."),
            ("My colleague says it still has bugs. Is that so?", "Two are known; both are listed in the notes."),
            ("How do I tell a customer that we can't help?", "Say it plainly, and name somebody who can."),
            ("Can a human check it before it is sent?", "Yes, switch on Approval and it waits for somebody."),
            ("Translate 'I give up, forget it' into French", "Je renonce, laisse tomber."),
            ("What do I do when someone complains that nothing works?", "Ask for the exact message and the time."),
            ("OK. Next: how long is the warranty?", "Two years from the day of purchase."),
            ("Make it shorter", "Here is the short form: two years of warranty."),
            ("Now in capital letters", "TWO YEARS OF WARRANTY."),
        ],
        "es": [
            ("¿Y si no funciona en el modelo antiguo?", "El modelo antiguo necesita antes la actualización de mayo."),
            ("¿Y si la página está mal?", "Entonces avisa con la bandera que hay al lado."),
            ("¿No sirve de nada sin suscripción?", "Sí sirve: leer sigue siendo gratis."),
            ("¿Por qué el otro no falla nunca?", "Lleva su propia batería."),
            ("Mi compañera dice que sigue teniendo fallos. ¿Es así?", "Se conocen dos; ambos están en las notas."),
            ("¿Cómo le digo a un cliente que no podemos ayudarle?", "Con claridad, y nombrando a quien sí puede."),
            ("¿Puede revisarlo una persona antes de enviarlo?", "Sí, activa Aprobación y espera a que alguien lo vea."),
            ("Traduce «me rindo, olvídalo» al francés", "Je renonce, laisse tomber."),
            ("¿Qué hago cuando alguien se queja de que nada funciona?", "Pide el mensaje exacto y la hora."),
            ("Vale. Otra cosa: ¿cuánto dura la garantía?", "Dos años desde el día de la compra."),
            ("Hazlo más corto", "En corto: dos años de garantía."),
            ("Ahora en mayúsculas", "DOS AÑOS DE GARANTÍA."),
        ],
    },
    "tuned": {
        "en": [
            ("What happens when it fails?", "It is tried again after a minute."),
            ("And if that is wrong?", "Then the old value holds."),
            ("Does it not work abroad?", "It does, in all of Europe."),
            ("Who answers when the bot can't help?", "The team in Cork, on weekdays."),
            ("Write a reply to someone who says 'this is useless'", "We are sorry to hear that. What did you expect?"),
            ("And the second one?", "The second one is blue."),
        ],
        "es": [
            ("¿Qué pasa cuando falla?", "Se intenta de nuevo al cabo de un minuto."),
            ("¿Y si eso está mal?", "Entonces vale el valor anterior."),
            ("¿No funciona en el extranjero?", "Sí, en toda Europa."),
            ("¿Quién responde si el bot no puede ayudar?", "El equipo de Vigo, entre semana."),
            ("Escribe una respuesta a quien dice «esto no sirve»", "Sentimos leerlo. ¿Qué esperabas?"),
            ("¿Y el segundo?", "El segundo es azul."),
        ],
    },
}  # fmt: skip
