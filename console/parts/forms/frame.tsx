import type { ReactNode } from "react";
import type { Field, FormProblem } from "../../../engine/forms/form.ts";
import { useText } from "../../i18n/i18n.ts";

interface FrameProps {
  readonly field: Field;
  readonly required: boolean;
  readonly problems: readonly FormProblem[];
  /** A single entry has a label; several of them stand in a group with a legend. */
  readonly as: "label" | "fieldset";
  readonly children: ReactNode;
}

/** What stands around an entry: its label, whether it has to be filled in, hint and legal basis, and what is wrong with it. */
export function Frame({ field, required, problems, as, children }: FrameProps) {
  const { t, pick, colon } = useText();
  const id = `field-${field.key}`;
  const label = `${pick(field.label)}${required ? ` (${t("formRequired")})` : ""}`;
  const about = (
    <>
      {field.hint && <small className="muted field-hint">{pick(field.hint)}</small>}
      {field.source && (
        <small className="muted field-hint">
          {t("formSource")}
          {colon}
          {field.source}
        </small>
      )}
      {problems.length > 0 && (
        <ul id={`${id}-problems`} className="field-problems">
          {problems.map(({ code, place, message }) => (
            <li key={`${code}${place}`}>{pick(message)}</li>
          ))}
        </ul>
      )}
    </>
  );
  if (field.kind === "checkbox" && field.access === "write")
    return (
      <div className="field">
        {children}
        {about}
      </div>
    );
  if (as === "fieldset")
    return (
      <fieldset className="field" aria-describedby={problems.length > 0 ? `${id}-problems` : undefined}>
        <legend>{label}</legend>
        {children}
        {about}
      </fieldset>
    );
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
      {about}
    </div>
  );
}
