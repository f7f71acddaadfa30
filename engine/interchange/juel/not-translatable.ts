/** Why an expression has no equivalent in FEEL. */
export class NotTranslatable extends Error {
  override readonly name = "NotTranslatable";
  readonly reason: { readonly zh: string; readonly en: string };
  constructor(zh: string, en: string) {
    super(en);
    this.reason = { zh, en };
  }
}
