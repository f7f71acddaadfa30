import { fieldsOf, keysOf, type Form, type FormProblem } from "../../engine/forms/form.ts";
import type { FormFile } from "../../engine/forms/reading/form-file.ts";
import { readForm } from "../../engine/forms/reading/read-form.ts";
import { problem, type Problem } from "../../engine/model/problems.ts";
import type { ProcessModel, TaskActivity } from "../../engine/model/process-model.ts";
import type { Json } from "../../engine/expressions/json.ts";
import { contentHash } from "../store/digest.ts";

/** The forms of one version of a process, by key. They are published with it and never change. */
export type FormBundle = Readonly<Record<string, FormFile>>;

/** The form that an application is made with; every process that carries applications has one of this key. */
export const applicationForm = "application";

export function userTasksOf(model: ProcessModel): readonly TaskActivity[] {
  return [...model.elements.values()].filter((node): node is TaskActivity => node.kind === "userTask");
}

/** Keys of the forms that the steps of a process fill in. */
export function formsNamedBy(model: ProcessModel): readonly string[] {
  return [...new Set(userTasksOf(model).flatMap(({ form }) => (form === null ? [] : [form])))];
}

/** The bundle, with what the process names and the bundle lacks taken from the library; what that lacks too is left out. */
export function completed(bundle: FormBundle, model: ProcessModel, library: ReadonlyMap<string, FormFile>): FormBundle {
  const lacking = formsNamedBy(model).filter((key) => !(key in bundle));
  const found = lacking.flatMap((key) => {
    const file = library.get(key);
    return file ? [[key, file] as const] : [];
  });
  return { ...bundle, ...Object.fromEntries(found) };
}

/** Everything that is wrong with the forms of a process, and with the rights that its steps set on their fields. */
export function bundleProblems(bundle: FormBundle, model: ProcessModel): readonly Problem[] {
  const read = Object.entries(bundle).map(([key, file]) => ({ key, ...readForm(file) }));
  const forms = new Map(read.flatMap(({ key, form }) => (form ? [[key, form] as const] : [])));
  return [
    ...read.flatMap(({ problems }) => problems.map(asError)),
    ...read.flatMap(({ key, form }) =>
      form && form.id !== key
        ? [
            problem(
              "FORM_ID_DIFFERS",
              `form.${key}`,
              `表单编号 ${form.id} 与键 ${key} 不一致`,
              `The form's id ${form.id} differs from its key ${key}`,
            ),
          ]
        : [],
    ),
    ...userTasksOf(model).flatMap((task) => rightProblems(task, forms)),
  ];
}

function asError({ code, place, message }: FormProblem): Problem {
  return { code, severity: "error", element: place, message };
}

function rightProblems(task: TaskActivity, forms: ReadonlyMap<string, Form>): readonly Problem[] {
  return task.fieldRights.flatMap(({ form, field, right }) => {
    const known = forms.get(form);
    if (!known || !fieldsOf(known.components).flatMap(keysOf).includes(field))
      return [
        problem(
          "FIELD_RIGHT_UNKNOWN",
          task.id,
          `环节 ${task.id} 的权限所指字段 ${form}.${field} 不存在`,
          `There is no field ${form}.${field}, on which ${task.id} sets a right`,
        ),
      ];
    if (form !== task.form && right !== "hidden" && right !== "read")
      return [
        problem(
          "FIELD_RIGHT_NOT_OWN",
          task.id,
          `环节 ${task.id} 只能填写自己的表单；${form}.${field} 只能设为隐藏或只读`,
          `${task.id} fills in its own form only; ${form}.${field} may be hidden or read there`,
        ),
      ];
    return [];
  });
}

/** Hash over the process as it was drawn and all its forms: a change of either makes another version. */
export function definitionHash(xml: string, bundle: FormBundle): string {
  return contentHash({ xml, forms: JSON.parse(JSON.stringify(bundle)) as Json });
}
