import { textOf } from "../../model/moddle-element.ts";
import type { Book } from "../book.ts";
import { outline, type Site, type Told } from "../foreign.ts";
import { noBusinessKey } from "../call-mappings.ts";
import { fieldOf, fieldsOfJson } from "./fields.ts";
import { formFile, isFormId } from "./form-file.ts";

const notOurs = {
  zh: "该表单不是随流程发布的 JSON 表单；请另行设计并填写 jieli:form",
  en: "this is no JSON form that ships with a process; design one and name it in jieli:form",
};
const startForm = {
  zh: "开始事件没有表单：案件由申请发起；请把这些字段放到申请或第一个环节",
  en: "a start event has no form, because an application starts the case; put these fields into the application or the first step",
};
const noVersion = {
  zh: "表单不能绑定版本；表单随流程一起发布",
  en: "a form is bound to no version; it ships with its process",
};

/** Forms of steps: a key becomes `jieli:form`, fields written in the file become a form file of their own. */
export function translateForms(site: Site, book: Book): void {
  if (site.element.$type === "bpmn:Process") return;
  const isStart = site.element.$type === "bpmn:StartEvent";
  if (!isStart && !site.element.$instanceOf("bpmn:UserTask")) return;
  const definition = site.foreign.part("formDefinition");
  const keys = ["formKey", "formRef", "formId", "externalReference"]
    .flatMap((name) => [site.foreign.attribute(name), definition?.attribute(name) ?? null])
    .filter((told) => told !== null);
  for (const told of keys) {
    if (isStart) book.left(site, told, startForm);
    else nameForm(site, book, told);
  }
  const binding = site.foreign.attribute("formRefBinding") ?? definition?.attribute("bindingType");
  if (binding?.was === "latest") book.needs(binding.place);
  else if (binding) book.left(site, binding, noVersion);
  const version = site.foreign.attribute("formRefVersion");
  if (version) book.left(site, version, noVersion);
  translateFields(site, book, isStart);
}

/** `camunda-forms:deployment:leave.form` is the form `leave`; web pages and expressions are none of ours. */
function nameForm(site: Site, book: Book, told: Told): void {
  const id = told.was.replace(/^camunda-forms:(deployment|bpmn):/, "").replace(/\.(form|json)$/, "");
  if (!isFormId(id) || /\.(html?|jsf|xhtml|jsp)$/.test(id) || told.place.endsWith("externalReference"))
    return book.left(site, told, notOurs);
  site.element.set("jieli:form", id);
  book.became(site, told, `jieli:form="${id}"`);
}

function translateFields(site: Site, book: Book, isStart: boolean): void {
  const { foreign, element } = site;
  const data = foreign.part("formData");
  const fields = [...(data?.children("formField") ?? []), ...foreign.elements("formProperty")];
  const businessKey = data?.attribute("businessKey");
  if (businessKey) book.left(site, businessKey, noBusinessKey);
  if (fields.length === 0) return;
  if (isStart) {
    for (const field of fields) book.left(site, { place: field.place, was: outline(field) }, startForm);
    return;
  }
  const id = textOf(element["form"]) ?? element.id ?? "";
  if (!isFormId(id)) {
    for (const field of fields) book.left(site, { place: field.place, was: outline(field) }, notOurs);
    return;
  }
  const components = fields.map((field) => fieldOf(site, book, field)).filter((field) => field !== null);
  element.set("jieli:form", id);
  book.forms.push(formFile(id, textOf(element["name"]) ?? id, components));
  const told = {
    place: data?.place ?? fields[0]?.place ?? "",
    was: fields.map(({ attributes }) => attributes["id"]).join(", "),
  };
  book.became(site, told, `forms/${id}.json`);
}

/** Forms that a Camunda 8 file carries in its process. */
export function translateCarriedForms(site: Site, book: Book): void {
  for (const form of site.foreign.elements("userTaskForm")) {
    const id = form.attributes["id"] ?? "";
    const told = { place: form.place, was: form.text };
    const components = isFormId(id) ? fieldsOfJson(site, book, told) : null;
    if (components === null) book.left(site, told, notOurs);
    else {
      book.forms.push(formFile(id, id, components));
      book.became(site, { ...told, was: id }, `forms/${id}.json`);
    }
  }
}
