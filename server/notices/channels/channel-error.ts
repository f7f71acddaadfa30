/** A notice did not go out. The code and the message are kept in the delivery log, so they hold no secret and no answer's body. */
export class ChannelError extends Error {
  override readonly name = "ChannelError";
  readonly code: string;
  /** False where trying again the same way cannot help. */
  readonly passes: boolean;
  constructor(code: string, message: string, passes: boolean, options: ErrorOptions = {}) {
    super(`${code}: ${message}`, options);
    this.code = code;
    this.passes = passes;
  }
}
