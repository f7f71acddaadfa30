import { authorize } from "../../identity/policy.ts";
import { excessText } from "../../sharing/excess-texts.ts";
import { takeReports } from "../../sharing/usage.ts";
import { defineRoute } from "../route.ts";
import { usageReportResults, usageReportsBody } from "./usage-reports.schema.ts";

export const usageReportRoutes = [
  defineRoute({
    method: "post",
    path: "/api/usage-reports",
    summary:
      "Use of granted access, as the sharing platform reports it day by day; use beyond scope suspends at once (worker)",
    body: usageReportsBody,
    answer: usageReportResults,
    handle: async ({ runtime, principal, body }) => {
      authorize(principal, { type: "use.report" }, runtime.content);
      const worker = { kind: "worker" as const, id: principal.id, name: principal.name };
      const results = await takeReports(runtime, worker, body.reports);
      return {
        items: results.map((result) => ({
          id: result.id,
          result: result.result,
          excesses:
            result.result === "taken"
              ? result.excesses.map((excess) => excessText(excess, (code) => ({ zh: code, en: code })))
              : [],
          suspended: result.result === "taken" && result.suspended,
        })),
      };
    },
  }),
];
