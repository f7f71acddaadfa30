import { Button, Input } from "antd";
import { useText } from "../../i18n/i18n.ts";

export interface DefectRow {
  readonly key: number;
  readonly place: string;
  readonly what: string;
  readonly basis: string;
}

/** One empty row to begin with. */
export const noDefects: readonly DefectRow[] = [{ key: 0, place: "", what: "", basis: "" }];

/** The rows that say anything, as they are sent. */
export function toldDefects(rows: readonly DefectRow[]): readonly Omit<DefectRow, "key">[] {
  return rows
    .map(({ place, what, basis }) => ({ place: place.trim(), what: what.trim(), basis: basis.trim() }))
    .filter(({ place, what, basis }) => place !== "" || what !== "" || basis !== "");
}

const fields = [
  ["place", "returnDefectPlace"],
  ["what", "returnDefectWhat"],
  ["basis", "returnDefectBasis"],
] as const;

/** The whole list of what is wrong: one row each, told at once. */
export function Defects({
  rows,
  onChange,
}: {
  rows: readonly DefectRow[];
  onChange: (rows: readonly DefectRow[]) => void;
}) {
  const { t } = useText();
  const change = (key: number, field: (typeof fields)[number][0], value: string) =>
    onChange(rows.map((row) => (row.key === key ? { ...row, [field]: value } : row)));
  return (
    <fieldset className="field">
      <legend>{t("returnDefects")}</legend>
      {rows.map((row) => (
        <div className="row" key={row.key}>
          {fields.map(([field, label]) => (
            <Input
              key={field}
              aria-label={t(label)}
              placeholder={t(label)}
              value={row[field]}
              onChange={(event) => change(row.key, field, event.target.value)}
              style={{ flex: "1 1 160px", width: "auto" }}
            />
          ))}
          <Button disabled={rows.length === 1} onClick={() => onChange(rows.filter(({ key }) => key !== row.key))}>
            {t("returnDefectRemove")}
          </Button>
        </div>
      ))}
      <Button
        onClick={() =>
          onChange([...rows, { key: Math.max(...rows.map(({ key }) => key)) + 1, place: "", what: "", basis: "" }])
        }
      >
        {t("returnDefectAdd")}
      </Button>
    </fieldset>
  );
}
