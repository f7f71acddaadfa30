import { Button, Input } from "antd";
import type { z } from "zod";
import type { objection } from "../../server/api/tasks/tasks.schema.ts";
import { useText } from "../i18n/i18n.ts";

export type Objection = z.infer<typeof objection>;

/** For whoever disagrees and was told to go on; what is written here is kept with the decision. */
export function ObjectionNote({
  value,
  onChange,
}: {
  value: Objection | null;
  onChange: (value: Objection | null) => void;
}) {
  const { t } = useText();
  if (!value)
    return (
      <p>
        <Button
          type="link"
          style={{ padding: 0 }}
          onClick={() => onChange({ statement: "", superior: "", instruction: "" })}
        >
          {t("objectionAdd")}
        </Button>
      </p>
    );
  return (
    <fieldset className="card">
      <legend>{t("objection")}</legend>
      <p className="muted">{t("objectionHelp")}</p>
      <label className="field">
        <span>{`${t("objectionStatement")} (${t("required")})`}</span>
        <Input.TextArea
          rows={2}
          required
          value={value.statement}
          onChange={(event) => onChange({ ...value, statement: event.target.value })}
        />
      </label>
      <label className="field">
        <span>{`${t("objectionSuperior")} (${t("required")})`}</span>
        <Input
          required
          value={value.superior}
          onChange={(event) => onChange({ ...value, superior: event.target.value })}
        />
      </label>
      <label className="field">
        <span>{`${t("objectionInstruction")} (${t("required")})`}</span>
        <Input.TextArea
          rows={2}
          required
          value={value.instruction}
          onChange={(event) => onChange({ ...value, instruction: event.target.value })}
        />
      </label>
      <Button onClick={() => onChange(null)}>{t("objectionRemove")}</Button>
    </fieldset>
  );
}
