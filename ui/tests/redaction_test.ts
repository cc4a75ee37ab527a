import { expect, test } from 'vitest';
import { piecesOf } from '../src/lib/pieces';

const hit = (begin: number, end: number) =>
  ({ begin, end, rule: 'email', action: 'mask' as const });

test('places in bytes become pieces of text', () => {
  const text = 'ñ 🔭 a@b.es, fin';
  expect(piecesOf(text, [hit(8, 14)]).map((piece) => piece.text))
    .toEqual(['ñ 🔭 ', 'a@b.es', ', fin']);
  expect(piecesOf('a@b.es', [hit(0, 6)])).toEqual([{ text: 'a@b.es', found: hit(0, 6) }]);
  expect(piecesOf('nothing', [])).toEqual([{ text: 'nothing', found: null }]);
});
