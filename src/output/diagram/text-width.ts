// How wide a text is drawn: pictures name the fonts of the reader's system, and tell the viewer to fit each line to the width that Helvetica needs.

/** Advance widths of Helvetica and Helvetica Bold for the characters from blank to tilde, in hundredths of the font size; 99 is the widest. */
const REGULAR = widthsIn('282836565689672034343959283428285656565656565656565628285959595699676773736762787328506756847378'
  + '6778736762736795676762282828475634565650565628565623235023845656565634502856507350505034263459');
const BOLD = widthsIn('283448565689732434343959283428285656565656565656565634345959596298737373736762787328567362847378'
  + '6778736762736795676762342834595634566256625634626228285628896262626239563462567856565039283959');

function widthsIn(digits: string): readonly number[] {
  return Array.from({ length: digits.length / 2 }, (_, index) => Number(digits.slice(2 * index, 2 * index + 2)));
}

/** The width of a text in pixels. Characters outside of ASCII count as a whole em. */
export function widthOf(text: string, size: number, isBold = false): number {
  const table = isBold ? BOLD : REGULAR;
  let sum = 0;
  for (const character of text) {
    sum += table[character.codePointAt(0)! - 32] ?? 100;
  }
  return Math.ceil(sum * size / 100);
}
