import { Tag } from "antd";
import { Link } from "react-router";
import type { DecisionRecord } from "../../server/api/ledger/ledger.schema.ts";
import { useText } from "../i18n/i18n.ts";
import { Explanation } from "./explanation.tsx";
import { Loaded, useApi } from "./page.tsx";
import { chinaTime } from "./time.ts";

/** The decisions of one case, for whoever may see it, with the files to take away. */
export function CaseLedger({ instanceId }: { instanceId: string }) {
  const { t } = useText();
  const records = useApi<{ items: DecisionRecord[] }>(`/api/ledger?instance=${instanceId}&limit=100`);
  return (
    <>
      <h2>{t("caseLedger")}</h2>
      <ExportLinks search={`instance=${instanceId}`} />
      <Loaded result={records}>{({ items }) => <DecisionRecords records={items} />}</Loaded>
    </>
  );
}

export function ExportLinks({ search }: { search: string }) {
  const { t, language } = useText();
  const address = (format: string) => `/api/ledger/export?${search}&format=${format}&language=${language}`;
  return (
    <p className="row no-print">
      <a href={address("json")}>{t("exportJson")}</a>
      <a href={address("csv")}>{t("exportCsv")}</a>
    </p>
  );
}

export function DecisionRecords({ records }: { records: readonly DecisionRecord[] }) {
  const { t } = useText();
  if (records.length === 0) return <p>{t("empty")}</p>;
  return (
    <ol className="timeline">
      {records.map((record) => (
        <Record key={record.id} record={record} />
      ))}
    </ol>
  );
}

function Record({ record }: { record: DecisionRecord }) {
  const { t, pick, colon } = useText();
  return (
    <li>
      <div className="row">
        <span className="muted">{chinaTime(record.at)}</span>
        <strong>{record.person.name}</strong>
        <span>
          {pick(record.organisation.name)} · {pick(record.roleName)}
        </span>
      </div>
      <div>
        <Link to={`/cases/${record.instanceId}`}>{record.caseNumber}</Link> {pick(record.subject)} · {pick(record.step)}{" "}
        {record.outcomeName && <Tag>{pick(record.outcomeName)}</Tag>}
        {record.reasonCode && <Tag>{record.reasonCode}</Tag>}
      </div>
      {record.opinion && <div>“{record.opinion}”</div>}
      {record.objection && (
        <div>
          <Tag color="warning">{t("objection")}</Tag>
          {record.objection.statement} → {record.objection.superior}
          {colon}
          {record.objection.instruction}
        </div>
      )}
      <details>
        <summary>{t("why")}</summary>
        <Explanation explanation={record.explanation} />
        <dl className="fields">
          {record.chosenBy && (
            <>
              <dt>{t("ledgerChosenBy")}</dt>
              <dd>
                {t("ledgerChosenByWho", {
                  who: record.chosenBy.name,
                  reason: record.chosenBy.reason === null ? "" : `${colon}${record.chosenBy.reason}`,
                })}
              </dd>
            </>
          )}
          {record.chose && (
            <>
              <dt>{t("ledgerChose")}</dt>
              <dd>
                <ChoiceTaken chose={record.chose} />
              </dd>
            </>
          )}
          <dt>{t("citation")}</dt>
          <dd>{record.citation ?? "—"}</dd>
          <dt>{t("seenMaterial")}</dt>
          <dd>
            {record.seen.map(({ part, hash }) => (
              <div key={part}>
                {part} <code className="hash">{hash}</code>
              </div>
            ))}
          </dd>
          <dt>{t("recordHash")}</dt>
          <dd>
            <code className="hash">{record.hash}</code>
          </dd>
        </dl>
      </details>
    </li>
  );
}

function ChoiceTaken({ chose }: { chose: NonNullable<DecisionRecord["chose"]> }) {
  const { t, pick, colon, list } = useText();
  const { branch, people, reason } = chose;
  return (
    <>
      {branch && <div>{t("ledgerChoseBranch", { name: pick(branch.name), ruled: pick(branch.ruled) })}</div>}
      {people.map(({ step, names }) => (
        <div key={pick(step)}>
          {pick(step)}
          {colon}
          {list(names)}
        </div>
      ))}
      {reason !== null && <div>{reason}</div>}
    </>
  );
}
