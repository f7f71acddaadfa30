import type { Book } from "./book.ts";
import type { Site } from "./foreign.ts";
import type { Bilingual } from "./notes.ts";

/** Storage, transactions, retries and the drawing tool: handled otherwise here, without loss of meaning. */
const needless: ReadonlySet<string> = new Set(
  (
    "async asyncBefore asyncAfter asyncLeave asyncLeaveExclusive exclusive exclusiveLeave jobPriority taskPriority " +
    "formFieldValidation fallbackToDefaultTenant historyTimeToLive failedJobRetryTimeCycle isStartableInTasklist executionPlatform executionPlatformVersion " +
    "modelerTemplate modelerTemplateVersion modelerTemplateIcon userTask jobPriorityDefinition diagramRelationId"
  ).split(" "),
);

const code: Bilingual = {
  zh: "监听器会在引擎中运行代码，不接受；请改为流程中的一个环节（服务任务或 jieli:out）",
  en: "a listener would run code in the engine and is not accepted; make it a step of the process (a service task or jieli:out)",
};
/** Things that are known, and why they have no counterpart. */
const reasons: Readonly<Record<string, Bilingual>> = {
  executionListener: code,
  taskListener: code,
  eventListener: code,
  executionListeners: code,
  taskListeners: code,
  priority: {
    zh: "待办按剩余时间排序，没有优先级；请用时限代码",
    en: "the inbox is sorted by the time that is left and knows no priority; use a limit code",
  },
  priorityDefinition: {
    zh: "待办按剩余时间排序，没有优先级；请用时限代码",
    en: "the inbox is sorted by the time that is left and knows no priority; use a limit code",
  },
  properties: {
    zh: "自定义属性没有含义；原文保留在说明中",
    en: "properties of your own have no meaning here; their words stay in the documentation",
  },
  versionTag: {
    zh: "版本由发布时自动编号；标签保留在说明中",
    en: "versions are numbered when they are published; the tag stays in the documentation",
  },
  skipExpression: {
    zh: "是否跳过环节由路由表（perform）或网关决定",
    en: "whether a step is skipped is decided by the route table (perform) or a gateway",
  },
  adHoc: {
    zh: "自由子流程的活动由承办人选择；请在子流程中设定完成条件",
    en: "the activities of an ad-hoc sub-process are chosen by people; give the sub-process a completion condition",
  },
  errorEventDefinition: {
    zh: "作业由处理程序报告错误代码；请在处理程序中处理",
    en: "the worker of a job reports the error code; do it in the worker",
  },
};
const unknown: Bilingual = {
  zh: "没有对应物；请核对是否影响办理，需要时在属性面板中另行设定",
  en: "it has no counterpart; see whether it matters for the case, and set what is needed in the properties panel",
};

/** Everything that no translator took: named, so that nothing goes unseen. */
export function tellLeftovers(site: Site, book: Book): void {
  for (const told of site.foreign.rest()) {
    if (needless.has(told.name)) book.needs(told.place);
    else book.left(site, told, (Object.hasOwn(reasons, told.name) ? reasons[told.name] : undefined) ?? unknown);
  }
}
