/** Columns that a text takes on a terminal: Chinese characters and full-width signs take two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += isWide(character.codePointAt(0) ?? 0) ? 2 : 1;
  return width;
}

/** Ranges of Unicode's East Asian Width that are wide or full-width, as far as our texts go. */
const wide = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x3fffd],
] as const;

function isWide(codePoint: number): boolean {
  return wide.some(([from, to]) => codePoint >= from && codePoint <= to);
}

/** Rows under headings, the first `leftColumns` set left and the others right, two spaces apart. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[], leftColumns: number): string {
  const lines = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => displayWidth(line[column] ?? ""))));
  return lines
    .map((line) =>
      line
        .map((cell, column) => {
          const room = " ".repeat(Math.max(0, (widths[column] ?? 0) - displayWidth(cell)));
          return column < leftColumns ? cell + room : room + cell;
        })
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}
