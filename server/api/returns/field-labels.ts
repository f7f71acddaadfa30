import type { ProcessModel } from "../../../engine/model/process-model.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { Bilingual } from "../shared/common.schema.ts";

/** Fields of the application form (domain rule a5), as people call them. */
const ofApplication: Readonly<Record<string, Bilingual>> = {
  items: { zh: "数据项", en: "Data items" },
  purpose: { zh: "使用目的与业务场景", en: "Purpose and business scene" },
  matter: { zh: "事项名称", en: "Matter" },
  legalBasis: { zh: "使用依据", en: "Legal basis for use" },
  scope: { zh: "使用范围", en: "Scope of use" },
  mode: { zh: "共享方式", en: "Delivery mode" },
  frequency: { zh: "更新频率", en: "Update frequency" },
  from: { zh: "使用期限起", en: "Used from" },
  to: { zh: "使用期限止", en: "Used until" },
  volume: { zh: "预计用量", en: "Expected volume" },
  personalInfo: { zh: "涉及个人信息", en: "Personal information" },
  security: { zh: "安全措施", en: "Security measures" },
  outsourced: { zh: "是否委托外部人员处理", en: "Handled by outside contractors" },
  emergency: { zh: "应急等级", en: "Emergency level" },
  kind: { zh: "申请类型", en: "Kind of application" },
};

/** What a field is called: of the application by the list above, of a form by the form itself. */
export function fieldLabel(runtime: Runtime, processKey: string, model: ProcessModel, path: string): Bilingual {
  const [part = "", first = "", second] = path.split(".");
  if (part === "request") return ofApplication[first] ?? { zh: path, en: path };
  const node = model.elements.get(first);
  if (part !== "forms" || !node) return { zh: path, en: path };
  const owner = runtime.content.processes.find((process) => process.key === processKey);
  const form = "form" in node && node.form !== null ? owner?.forms.get(node.form) : undefined;
  const field = componentsOf(form).find((component) => component["key"] === second);
  const zh = labelOf(field?.["label"]) ?? second ?? "";
  const en = labelOf(field?.["labelEn"]) ?? zh;
  return {
    zh: `${node.name ?? node.id}${zh === "" ? "" : `：${zh}`}`,
    en: `${node.documentation ?? node.name ?? node.id}${en === "" ? "" : `: ${en}`}`,
  };
}

function labelOf(label: unknown): string | null {
  return typeof label === "string" ? label : null;
}

function componentsOf(form: unknown): readonly Readonly<Record<string, unknown>>[] {
  const components: unknown = typeof form === "object" && form !== null && "components" in form ? form.components : [];
  return Array.isArray(components) ? components.filter((each) => typeof each === "object" && each !== null) : [];
}
