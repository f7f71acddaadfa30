import { Button } from "antd";
import type { TableField } from "../../../../engine/forms/form.ts";
import { useText } from "../../../i18n/i18n.ts";
import type { BrowserContext } from "../wire.ts";
import { FieldView } from "../field-view.tsx";
import type { EntryProps } from "./entry.ts";

type Row = Readonly<Record<string, unknown>>;

/** Rows of typed columns; as many stand there from the beginning as have to be filled in. */
export function TableInput({
  field,
  value,
  onChange,
  known,
}: EntryProps<TableField> & { readonly known: BrowserContext }) {
  const { t } = useText();
  const given = Array.isArray(value) ? (value as readonly Row[]) : [];
  const rows =
    given.length >= field.minRows
      ? given
      : [...given, ...Array.from({ length: field.minRows - given.length }, (): Row => ({}))];
  return (
    <div className="form-table">
      {rows.map((row, index) => (
        <fieldset key={index} className="form-table-row">
          <legend>{t("formRow", { row: index + 1 })}</legend>
          {field.columns.map((column) => (
            <FieldView
              key={column.key}
              // Entries of different rows need ids of their own.
              field={{ ...column, key: `${field.key}-${index}-${column.key}` }}
              values={{ [`${field.key}-${index}-${column.key}`]: row[column.key] }}
              onChange={(_key, next) =>
                onChange(rows.map((other, at) => (at === index ? { ...other, [column.key]: next } : other)))
              }
              required={column.required}
              known={known}
              problems={[]}
            />
          ))}
          {rows.length > field.minRows && (
            <Button
              size="small"
              aria-label={t("formRemoveRow", { row: index + 1 })}
              onClick={() => onChange(rows.filter((_, at) => at !== index))}
            >
              ×
            </Button>
          )}
        </fieldset>
      ))}
      {rows.length < field.maxRows && (
        <Button size="small" onClick={() => onChange([...rows, {}])}>
          {t("formAddRow")}
        </Button>
      )}
    </div>
  );
}
