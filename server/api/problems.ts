import { randomUUID } from "node:crypto";
import type { Context, Next } from "koa";
import { RouteError } from "../../engine/routing/errors.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import { StoreBusyError } from "../store/retry.ts";
import type { ProblemDetails } from "./shared/common.schema.ts";

/** The one place where errors become answers: RFC 9457 problem details, in both languages, with the id of the request. */
export async function problemAnswers(context: Context, next: Next): Promise<void> {
  const requestId = randomUUID();
  context.set("x-request-id", requestId);
  try {
    await next();
    if (context.status === 404 && context.body === undefined && context.path.startsWith("/api/")) {
      throw new RuntimeProblem(404, "NOT_FOUND", {
        zh: "没有找到，或您无权查看",
        en: "Not found, or not yours to see",
      });
    }
  } catch (error) {
    const answer = describe(error, requestId);
    if (answer.status >= 500)
      console.error(
        JSON.stringify({
          level: "error",
          at: new Date().toISOString(),
          requestId,
          path: context.path,
          error: error instanceof Error && answer.status !== 503 ? error.stack : String(error),
        }),
      );
    if (answer.status === 503) context.set("retry-after", "2");
    context.status = answer.status;
    context.type = "application/problem+json";
    context.body = JSON.stringify(answer);
  }
}

function describe(error: unknown, requestId: string): ProblemDetails {
  const problem = asProblem(error);
  const status = problem.code === "NOT_SIGNED_IN" ? 401 : problem.code === "CSRF" ? 403 : problem.status;
  return {
    type: `urn:jieli:problem:${problem.code.toLowerCase()}`,
    title: problem.detail.en,
    status,
    code: problem.code,
    detail: problem.detail,
    mend: problem.mend,
    problems: problem.problems.map((found) => ({ ...found })),
    requestId,
  };
}

interface Described {
  readonly status: number;
  readonly code: string;
  readonly detail: { readonly zh: string; readonly en: string };
  readonly mend: { readonly zh: string; readonly en: string } | null;
  readonly problems: RuntimeProblem["problems"];
}

function asProblem(error: unknown): Described {
  if (error instanceof RuntimeProblem) return error;
  if (error instanceof StoreBusyError)
    return {
      status: 503,
      code: error.code,
      detail: { zh: "系统繁忙，请稍后再试", en: "Busy; try again shortly" },
      mend: null,
      problems: [],
    };
  if (error instanceof RouteError) {
    return {
      status: 422,
      code: error.code,
      detail: {
        zh: `无法确定路由：${error.detail.zh}（${error.place}）`,
        en: `The route cannot be resolved: ${error.detail.en} (${error.place})`,
      },
      mend: error.mend,
      problems: [],
    };
  }
  const status = statusOf(error);
  if (status === 413)
    return {
      status,
      code: "BODY_TOO_LARGE",
      detail: {
        zh: "内容超过允许的大小（1 MB），未作任何处理",
        en: "The content is larger than allowed (1 MB); nothing was done",
      },
      mend: { zh: "请缩小文件后再提交", en: "Make the file smaller and send it again" },
      problems: [],
    };
  if (status === 400)
    return {
      status,
      code: "BODY_UNREADABLE",
      detail: { zh: "请求内容不是可读的 JSON", en: "The request body is no readable JSON" },
      mend: null,
      problems: [],
    };
  return {
    status: 500,
    code: "INTERNAL",
    detail: { zh: "系统内部错误，已记录", en: "An internal error; it has been recorded" },
    mend: null,
    problems: [],
  };
}

function statusOf(error: unknown): number {
  return typeof error === "object" && error !== null && "status" in error && typeof error.status === "number"
    ? error.status
    : 500;
}
