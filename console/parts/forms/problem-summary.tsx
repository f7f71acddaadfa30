import { Alert } from "antd";
import type { FormProblem } from "../../../engine/forms/form.ts";
import { useText } from "../../i18n/i18n.ts";

/** Everything that has to be corrected, at the head of the form, with a link to each field. */
export function ProblemSummary({ problems }: { problems: readonly FormProblem[] }) {
  const { t, pick } = useText();
  if (problems.length === 0) return null;
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={t("formErrors")}
      description={
        <ul>
          {problems.map(({ code, place, message }) => (
            <li key={`${code}${place}`}>
              <a href={`#field-${keyIn(place)}`}>{pick(message)}</a>
            </li>
          ))}
        </ul>
      }
    />
  );
}

/** Places read `form.purpose`, `body.request.purpose` or, of a cell, `form.staff.1.post`. */
function keyIn(place: string): string {
  return place.replace(/^(form|body\.request)\./, "").split(".")[0] ?? "";
}
