import { Input } from "antd";
import type { FormSchema } from "../../../modeler/forms/index.ts";
import { useText } from "../../i18n/i18n.ts";

interface TextsProps {
  readonly schema: FormSchema;
  readonly onChange: (schema: FormSchema) => void;
  readonly readOnly: boolean;
}

type Raw = Readonly<Record<string, unknown>>;

/** What the editor of form-js has no place for: English texts, legal basis, and when a field is asked for. */
export function TextsTable({ schema, onChange, readOnly }: TextsProps) {
  const { t } = useText();
  const name = record(schema["name"]);
  const rename = (part: Raw) => onChange({ ...schema, name: { ...name, ...part } });
  const components = listOf(schema["components"]);
  return (
    <>
      <div className="row">
        <Cell label={t("formsNameZh")} value={name["zh"]} readOnly={readOnly} onChange={(zh) => rename({ zh })} />
        <Cell label={t("formsNameEn")} value={name["en"]} readOnly={readOnly} onChange={(en) => rename({ en })} />
      </div>
      <Rows
        components={components}
        readOnly={readOnly}
        onChange={(next) => onChange({ ...schema, components: next })}
      />
    </>
  );
}

function Rows({
  components,
  onChange,
  readOnly,
}: {
  components: readonly Raw[];
  onChange: (components: readonly Raw[]) => void;
  readOnly: boolean;
}) {
  return components.map((component, index) => {
    const set = (part: Raw) => onChange(components.map((other, at) => (at === index ? { ...other, ...part } : other)));
    const inner = listOf(component["components"]);
    return (
      <fieldset key={textOf(component["id"]) || index} className="form-group">
        <legend>
          {textOf(component["key"]) || textOf(component["path"]) || textOf(component["type"])} ·{" "}
          {textOf(component["type"])}
        </legend>
        <ComponentTexts component={component} readOnly={readOnly} onChange={set} />
        {inner.length > 0 && (
          <Rows components={inner} readOnly={readOnly} onChange={(next) => set({ components: next })} />
        )}
      </fieldset>
    );
  });
}

function ComponentTexts({
  component,
  onChange,
  readOnly,
}: {
  component: Raw;
  onChange: (part: Raw) => void;
  readOnly: boolean;
}) {
  const { t } = useText();
  const isField = "key" in component || "path" in component;
  const zh = component["type"] === "datetime" ? "dateLabel" : component["type"] === "text" ? "text" : "label";
  const en = component["type"] === "text" ? "textEn" : "labelEn";
  const about = textOf(component["key"]) || textOf(component["path"]) || textOf(component["type"]);
  const cell = (key: string, label: string) => (
    <Cell
      label={`${label} ${about}`}
      shown={label}
      value={component[key]}
      readOnly={readOnly}
      onChange={(text) => onChange({ [key]: text === "" ? undefined : text })}
    />
  );
  const hide = record(component["conditional"])["hide"];
  return (
    <div className="texts-row">
      {cell(zh, t("formsLabelZh"))}
      {cell(en, t("formsLabelEn"))}
      {isField && cell("description", t("formsHintZh"))}
      {isField && cell("descriptionEn", t("formsHintEn"))}
      {isField && cell("source", t("formsSource"))}
      {isField && cell("requiredWhen", t("formsRequiredWhen"))}
      <Cell
        label={`${t("formsHideWhen")} ${about}`}
        shown={t("formsHideWhen")}
        value={hide}
        readOnly={readOnly}
        onChange={(text) => onChange({ conditional: text === "" ? undefined : { hide: text } })}
      />
      {listOf(component["values"]).map((option, index) => (
        <Cell
          key={textOf(option["value"])}
          label={`${t("formsLabelEn")} ${about} ${textOf(option["value"])}`}
          shown={`${textOf(option["label"])} → ${t("formsLabelEn")}`}
          value={option["labelEn"]}
          readOnly={readOnly}
          onChange={(labelEn) =>
            onChange({
              values: listOf(component["values"]).map((other, at) => (at === index ? { ...other, labelEn } : other)),
            })
          }
        />
      ))}
    </div>
  );
}

function Cell(props: {
  label: string;
  shown?: string;
  value: unknown;
  readOnly: boolean;
  onChange: (text: string) => void;
}) {
  const { label, shown = label, value, readOnly, onChange } = props;
  return (
    <label className="texts-cell">
      <small className="muted">{shown}</small>
      <Input
        aria-label={label}
        value={textOf(value)}
        readOnly={readOnly}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function record(value: unknown): Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Raw) : {};
}

function listOf(value: unknown): readonly Raw[] {
  return Array.isArray(value) ? value.map(record) : [];
}
