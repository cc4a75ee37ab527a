import { describe, expect, it } from 'vitest';
import { pointsBefore, replaced, unitOf } from '../src/lib/code_points';

describe('characters', () => {
  it('are counted as the server counts them', () => {
    expect(pointsBefore('🔭 a', 3)).toBe(2);
    expect(unitOf('🔭 a', 2)).toBe(3);
    expect(unitOf('ab', 9)).toBe(2);
  });

  it('are replaced where a suggestion says', () => {
    expect(replaced('🔭 @statsu:ok', 2, 9, '@status')).toEqual({ text: '🔭 @status:ok', cursor: 10 });
    expect(replaced('', 0, 0, '@name:')).toEqual({ text: '@name:', cursor: 6 });
  });
});
