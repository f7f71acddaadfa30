/** Prints what was measured: tables for people, and `pass` or `fail` for each bar. */

export interface Bar {
  readonly statement: string;
  readonly measured: string;
  readonly passes: boolean;
}

export function printTable(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => (row[column] ?? "").length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ");
  console.log(`\n${title}\n${line(head)}\n${widths.map((width) => "-".repeat(width)).join("  ")}`);
  for (const row of rows) console.log(line(row));
}

/** Prints each bar and sets the exit code when one is missed. */
export function printBars(bars: readonly Bar[]): void {
  console.log("");
  for (const { statement, measured, passes } of bars)
    console.log(`${passes ? "pass" : "fail"}  ${statement}: ${measured}`);
  if (bars.some(({ passes }) => !passes)) process.exitCode = 1;
}

export const whole = (value: number) => Math.round(value).toLocaleString("en-US");
