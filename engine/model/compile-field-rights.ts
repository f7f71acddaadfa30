import { fieldRights, type StepFieldRight } from "../forms/rights.ts";
import type { Report } from "./compile-parts.ts";
import { asElement, elementsOf, textOf, type ModdleElement } from "./moddle-element.ts";
import { problem } from "./problems.ts";

/** `jieli:fieldRight` entries of a user task's extension elements. */
export function fieldRightsOf(element: ModdleElement, report: Report): readonly StepFieldRight[] {
  const values = elementsOf(asElement(element["extensionElements"])?.["values"]);
  return values
    .filter((value) => value.$type === "jieli:FieldRight")
    .flatMap((value) => {
      const [form, field, text] = [textOf(value["form"]), textOf(value["field"]), textOf(value["right"])];
      const right = fieldRights.find((known) => known === text);
      if (form !== null && field !== null && right !== undefined) return [{ form, field, right }];
      report(
        problem(
          "FIELD_RIGHT_INVALID",
          element.id ?? null,
          `环节 ${element.id ?? "?"} 的字段权限须写明表单、字段，权限为 ${fieldRights.join("、")} 之一`,
          `A field right of ${element.id ?? "?"} names a form, a field, and one of ${fieldRights.join(", ")}`,
        ),
      );
      return [];
    });
}
