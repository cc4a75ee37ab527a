// The words of saved views.
import { plural, words } from './language';

const savedEn = {
  title: 'Saved views',
  empty: 'Keep the filters, columns and time range you see now under a name.',
  name: 'Name of this view',
  keep: 'Keep this view',
  by: (author: string) => `Kept by ${author}`,
  rename: (name: string) => `Rename the view ${name}`,
  remove: (name: string) => `Remove the view ${name}`,
  removed: (name: string) => `${name} was removed.`,
  local: (count: number) => `${count} ${plural(count, 'view is', 'views are')} in this browser only.`,
  move: 'Move to the server',
  where: 'Kept on the server: everybody who uses it sees them.',
  open: (name: string) => `Open the view ${name}`,
};

const savedEs: typeof savedEn = {
  title: 'Vistas guardadas',
  empty: 'Guarda con un nombre los filtros, las columnas y el periodo que ves ahora.',
  name: 'Nombre de esta vista',
  keep: 'Guardar esta vista',
  by: (author) => `La guardó ${author}`,
  rename: (name) => `Cambiar el nombre de la vista ${name}`,
  remove: (name) => `Borrar la vista ${name}`,
  removed: (name) => `Se ha borrado ${name}.`,
  local: (count) => `${count} ${plural(count, 'vista está', 'vistas están')} solo en este navegador.`,
  move: 'Pasar al servidor',
  where: 'Se guardan en el servidor: las ve cualquiera que lo use.',
  open: (name) => `Abrir la vista ${name}`,
};

export const tSaved = words(savedEn, savedEs);
