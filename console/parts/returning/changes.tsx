import { Tag } from "antd";
import type { Changes } from "../../../server/api/returns/returns.schema.ts";
import type { TaskDetail } from "../../../server/api/tasks/tasks.schema.ts";
import { useText } from "../../i18n/i18n.ts";
import { Loaded, useApi } from "../page.tsx";
import { chinaTime } from "../time.ts";
import { fieldOf } from "../forms/wire.ts";
import { ReadValue } from "../forms/read-value.tsx";
import { Correction, type SaveFirst } from "./correction.tsx";

/** What the case was returned for, and what has changed since, field by field. Nothing where it was never returned. */
export function ChangesCard({ task, onUnsaved }: { task: TaskDetail; onUnsaved: (save: SaveFirst | null) => void }) {
  const { t } = useText();
  const result = useApi<Changes>(`/api/tasks/${task.id}/changes`);
  if (!result.data || (!result.data.returned && !result.data.correction)) return null;
  const { correction } = result.data;
  return (
    <section className="card">
      <h2>{t("changesTitle")}</h2>
      <Loaded result={result}>{(data) => <Returned changes={data} />}</Loaded>
      {correction && <Correction task={task} view={correction} onUnsaved={onUnsaved} />}
    </section>
  );
}

function Returned({ changes: { returned, changes } }: { changes: Changes }) {
  const { t, pick, colon } = useText();
  if (!returned) return null;
  return (
    <>
      <p>
        {t("changesBy")} {returned.by} · {chinaTime(returned.at)}
        {colon}
        {returned.reason}
      </p>
      <ol>
        {returned.defects.map((defect) => (
          <li key={`${defect.place}${defect.what}`}>
            <strong>{defect.place}</strong>
            {colon}
            {defect.what} <span className="muted">{defect.basis}</span>
          </li>
        ))}
      </ol>
      {changes.length === 0 ? (
        <p className="muted">{t("changesNone")}</p>
      ) : (
        <div style={{ overflowX: "auto" }}>
          <table>
            <thead>
              <tr>
                <th>{t("changesField")}</th>
                <th>{t("changesBefore")}</th>
                <th>{t("changesAfter")}</th>
              </tr>
            </thead>
            <tbody>
              {changes.map((change) => (
                <tr key={change.path}>
                  <th scope="row">
                    {change.step && `${pick(change.step)}${colon}`}
                    {pick(change.label)} {change.material && <Tag>{t("changesMaterial")}</Tag>}
                    {change.rows?.map(({ row, type }) => (
                      <Tag key={row}>
                        {t(`changesRow_${type}`)} {row}
                      </Tag>
                    ))}
                  </th>
                  <td>
                    <ReadValue field={fieldOf(change.field)} value={change.before} />
                  </td>
                  <td>
                    <ReadValue field={fieldOf(change.field)} value={change.after} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
