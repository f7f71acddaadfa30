/** A request that the state of things does not allow. Mapped once to problem details, with texts in both languages. */
export class RuntimeProblem extends Error {
  override readonly name = "RuntimeProblem";
  readonly status: 403 | 404 | 409 | 413 | 422 | 503;
  readonly code: string;
  readonly detail: { readonly zh: string; readonly en: string };
  readonly mend: { readonly zh: string; readonly en: string } | null;
  readonly problems: readonly {
    readonly code: string;
    readonly place: string | null;
    readonly message: { readonly zh: string; readonly en: string };
  }[];
  constructor(
    status: RuntimeProblem["status"],
    code: string,
    detail: RuntimeProblem["detail"],
    mend: RuntimeProblem["mend"] = null,
    problems: RuntimeProblem["problems"] = [],
  ) {
    super(detail.en);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.mend = mend;
    this.problems = problems;
  }
}

/** The same answer for what does not exist and for what the asker may not see. */
export function notFound(): RuntimeProblem {
  return new RuntimeProblem(404, "NOT_FOUND", { zh: "没有找到，或您无权查看", en: "Not found, or not yours to see" });
}
