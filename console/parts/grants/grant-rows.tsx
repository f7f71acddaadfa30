import { Tag } from "antd";
import { Link } from "react-router";
import type { GrantSummary } from "../../../server/api/grants/grants.schema.ts";
import { useText } from "../../i18n/i18n.ts";
import { chinaTime } from "../time.ts";

const colours: Readonly<Record<GrantSummary["state"], string>> = {
  granted: "warning",
  delivered: "processing",
  active: "success",
  suspended: "error",
  ended: "default",
  revoked: "default",
};

/** Where a grant stands: its state, and what has become of it in fact. Words carry it, colour only helps. */
export function GrantTags({ grant }: { grant: GrantSummary }) {
  const { t, term } = useText();
  return (
    <>
      <Tag color={colours[grant.state]}>{term(`gState_${grant.state}`)}</Tag>
      {grant.reality !== "over" && grant.state !== "granted" && grant.state !== "delivered" && (
        <Tag color={grant.reality === "unused" || grant.reality === "idle" ? "warning" : "default"}>
          {term(`gList_${grant.reality}`)}
        </Tag>
      )}
      {grant.rejections > 0 && (
        <Tag color="warning">
          {t("gRejections")} {grant.rejections}
        </Tag>
      )}
      {grant.excesses > 0 && (
        <Tag color="error">
          {t("gList_exceeded")} {grant.excesses}
        </Tag>
      )}
      {grant.endedBecause && <Tag>{term(`gBecause_${grant.endedBecause}`)}</Tag>}
      {grant.disposal?.overdue === true && (
        <Tag color="error">{t("gDisposalOverdue", { date: dayOf(grant.disposal.dueAt) })}</Tag>
      )}
    </>
  );
}

/** Grants one under the other, each with what a person looks for first. */
export function GrantRows({ grants }: { grants: readonly GrantSummary[] }) {
  const { t, pick } = useText();
  if (grants.length === 0) return <p>{t("empty")}</p>;
  return (
    <ul className="timeline">
      {grants.map((grant) => (
        <li key={grant.id}>
          <div className="row">
            <Link to={`/grants/${grant.id}`}>
              {grant.caseNumber} {pick(grant.resource.name)}
            </Link>
            <GrantTags grant={grant} />
          </div>
          <div className="muted">
            {pick(grant.provider.name)} → {pick(grant.receiver.name)} · {t("gEnds")} {grant.endsOn ?? t("gNoEnd")} ·{" "}
            {grant.acceptedAt === null ? (
              t("gDays", { count: grant.daysSinceApproval })
            ) : (
              <>
                {t("gLastUsed")} {grant.lastUsedAt === null ? t("gNeverUsed") : dayOf(grant.lastUsedAt)}
              </>
            )}
            {(grant.scores.accepted ?? grant.scores.ended) !== null && (
              <>
                {" "}
                · {t("gScore")} {grant.scores.accepted ?? "—"} / {grant.scores.ended ?? "—"}
              </>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** The day in China of an instant. */
export function dayOf(instant: string | null): string {
  return instant === null ? "—" : chinaTime(instant).slice(0, 10);
}
