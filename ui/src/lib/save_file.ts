// A file out of the page.
export function saveFile(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// A title as the name of a file.
export const fileName = (title: string, usual: string, ending: string): string =>
  `${title.normalize('NFC').replace(/[^\p{L}\p{N}_-]+/gu, '-').replace(/^-|-$/g, '')
    .toLowerCase() || usual}.${ending}`;
