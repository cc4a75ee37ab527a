// The words of datasets.
import { words } from './language';

const datasetsEn = {
  title: 'Datasets',
  intro: 'Inputs with the output that is expected: to compare prompts and models on the same questions.',
  empty: 'No dataset yet. Make one here, from a span, from a list of traces, or with LLMObs.create_dataset().',
  name: 'Name', description: 'Description', make: 'Make a dataset',
  records: 'Records', version: 'Version', changed: 'Changed',
  remove: 'Remove', removed: (name: string) => `${name} was removed.`,
  importTitle: 'Import a file', file: 'CSV or JSON Lines', importIt: 'Import',
  importHint: 'Columns input, expected_output, metadata; or say which columns make the input and the expected output.',
  inputColumns: 'Input columns', expectedColumns: 'Expected output columns',
  skipBad: 'Import the good rows although there are bad ones',
  imported: (n: string, same: string, bad: string) =>
    `${n} imported, ${same} already there, ${bad} bad rows left out.`,
  exportCsv: 'Export as CSV', exportJsonl: 'Export as JSON Lines',
  input: 'Input', expected: 'Expected output', metadata: 'Metadata',
  edit: 'Edit', save: 'Save as a new version', cancel: 'Cancel',
  notJson: 'This is not JSON.', source: 'Its span', more: 'More records',
  versions: 'Versions', newest: 'newest', from: 'from', compare: 'Compare with the one before',
  change: (i: string, u: string, r: string) => `${i} added, ${u} changed, ${r} removed`,
  before: 'Before', after: 'After', nothing: 'nothing', cut: 'There are more differences than are shown.',
  add: 'Add to a dataset', addSpan: 'This span', addResult: 'Everything that fits, the newest 2,000 at most',
  taken: (n: string, same: string) => `${n} added, ${same} already there.`,
  open: 'Open it', choose: 'Dataset',
};

const datasetsEs: typeof datasetsEn = {
  title: 'Conjuntos de datos',
  intro: 'Entradas con la salida que se espera: para comparar instrucciones y modelos con las mismas preguntas.',
  empty: 'Aún no hay ninguno. Créalo aquí, desde un span, desde una lista de trazas o con LLMObs.create_dataset().',
  name: 'Nombre', description: 'Descripción', make: 'Crear un conjunto',
  records: 'Registros', version: 'Versión', changed: 'Modificado',
  remove: 'Borrar', removed: (name) => `Se ha borrado ${name}.`,
  importTitle: 'Importar un archivo', file: 'CSV o JSON Lines', importIt: 'Importar',
  importHint: 'Columnas input, expected_output y metadata; o indica qué columnas forman la entrada y la salida esperada.',
  inputColumns: 'Columnas de la entrada', expectedColumns: 'Columnas de la salida esperada',
  skipBad: 'Importar las filas buenas aunque haya malas',
  imported: (n, same, bad) =>
    `${n} importadas, ${same} ya estaban, ${bad} filas malas omitidas.`,
  exportCsv: 'Exportar como CSV', exportJsonl: 'Exportar como JSON Lines',
  input: 'Entrada', expected: 'Salida esperada', metadata: 'Metadatos',
  edit: 'Editar', save: 'Guardar como versión nueva', cancel: 'Cancelar',
  notJson: 'Esto no es JSON.', source: 'Su span', more: 'Más registros',
  versions: 'Versiones', newest: 'la última', from: 'de', compare: 'Comparar con la anterior',
  change: (i, u, r) => `${i} añadidos, ${u} cambiados, ${r} quitados`,
  before: 'Antes', after: 'Después', nothing: 'nada', cut: 'Hay más diferencias de las que se muestran.',
  add: 'Añadir a un conjunto', addSpan: 'Este span', addResult: 'Todo lo que cumple los filtros, como mucho lo más reciente: 2000',
  taken: (n, same) => `${n} añadidos, ${same} ya estaban.`,
  open: 'Abrirlo', choose: 'Conjunto',
};

export const tDatasets = words(datasetsEn, datasetsEs);
