// Pictures of a conversation. Only bytes that came with the span are shown, only as one of four
// raster types: never an address (it would call out), never SVG (it can run).
import type { MediaPart } from '../api/types';

const imageTypes = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
const base64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;

export type Picture =
  | { kind: 'image'; bytes: number; type: string }
  | { kind: 'cut'; bytes: number; sha256: string }
  | { kind: 'elsewhere'; key: string }
  | { kind: 'refused'; type: string; bytes: number }
  | { kind: 'note'; text: string };

export function base64Bytes(content: string): number {
  const padding = content.endsWith('==') ? 2 : content.endsWith('=') ? 1 : 0;
  return Math.max(0, Math.floor((content.length * 3) / 4) - padding);
}

const soundTypes = new Set([
  'audio/wav', 'audio/x-wav', 'audio/mpeg', 'audio/mp3', 'audio/ogg', 'audio/webm', 'audio/flac',
  'audio/aac', 'audio/mp4',
]);

// The type of a recording that came with the span; null when there is none to play.
export function soundOf(part: MediaPart): string | null {
  const type = (part.mime_type ?? '').toLowerCase().trim();
  return part.content && soundTypes.has(type) && base64.test(part.content) ? type : null;
}

// The bytes themselves, for an address that lives as long as this page; null when they are broken.
export function blobOf(content: string, type: string): Blob | null {
  try {
    const text = atob(content.replace(/\s/g, ''));
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
    return new Blob([bytes], { type });
  } catch {
    return null;
  }
}

export function pictureOf(part: MediaPart): Picture {
  const type = (part.mime_type ?? '').toLowerCase().trim();
  if (part.cut) {
    return { kind: 'cut', bytes: part.cut.bytes ?? 0, sha256: part.cut.sha256 ?? '' };
  }
  if (!part.content) return { kind: 'elsewhere', key: part.attachment_key ?? '' };
  // Some clients put a sentence or an address in the place of bytes; neither is base64.
  if (!base64.test(part.content)) return { kind: 'note', text: part.content };
  const bytes = base64Bytes(part.content);
  if (!imageTypes.has(type)) return { kind: 'refused', type: part.mime_type ?? '?', bytes };
  return { kind: 'image', bytes, type };
}
