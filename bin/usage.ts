/** Arguments that do not fit; the text says what would. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
