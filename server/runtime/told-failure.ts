/** Writes to the log of the server what failed without failing anybody's request. `more` says on what. */
export function tellFailure(message: string, error: unknown, more: Readonly<Record<string, string>> = {}): void {
  console.error(
    JSON.stringify({
      level: "error",
      at: new Date().toISOString(),
      message,
      ...more,
      error: error instanceof Error ? error.stack : String(error),
    }),
  );
}
