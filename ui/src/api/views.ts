// Named views on the server, the same for everybody who uses it.
import { get, send } from './client';

export interface View {
  id: number;
  name: string;
  // "/traces" or "/sessions"
  path: string;
  // As in the address, without "?".
  query: string;
  author: string | null;
}
export type NewView = Omit<View, 'id' | 'author'> & { id?: number; author?: string };

export const viewsApi = {
  list: async () => (await get<{ views: View[] }>('views')).views,
  put: (view: NewView) => send<{ id: number }>('POST', 'views', view),
  remove: (id: number) => send('DELETE', `views/${id}`),
};
