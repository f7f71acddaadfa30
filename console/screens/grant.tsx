import { Link, useParams } from "react-router";
import type { GrantDetail } from "../../server/api/grants/grants.schema.ts";
import { useText } from "../i18n/i18n.ts";
import { GrantActions } from "../parts/grants/grant-actions.tsx";
import { GrantDeliveries, GrantUse } from "../parts/grants/grant-parts.tsx";
import { chinaTime } from "../parts/time.ts";
import { dayOf, GrantTags } from "../parts/grants/grant-rows.tsx";
import { Loaded, Page, useApi } from "../parts/page.tsx";

/** One grant: what it allows, how it was delivered and tested, how it is used, and what the reader may do. */
export function GrantScreen() {
  const { id = "" } = useParams();
  const grant = useApi<GrantDetail>(`/api/grants/${id}`);
  return <Loaded result={grant}>{(found) => <Grant grant={found} />}</Loaded>;
}

function Grant({ grant }: { grant: GrantDetail }) {
  const { t, pick } = useText();
  return (
    <Page title={`${grant.caseNumber} ${pick(grant.resource.name)}`} extra={<Link to="/grants">{t("back")}</Link>}>
      <Scope grant={grant} />
      <GrantActions grant={grant} />
      <GrantDeliveries grant={grant} />
      <GrantUse grant={grant} />
    </Page>
  );
}

function Scope({ grant }: { grant: GrantDetail }) {
  const { t, pick, term, list, clauses } = useText();
  return (
    <section className="card">
      <div className="row">
        <GrantTags grant={grant} />
        <span className="muted">{t("gDays", { count: grant.daysSinceApproval })}</span>
      </div>
      <dl className="fields">
        <dt>{t("provider")}</dt>
        <dd>{pick(grant.provider.name)}</dd>
        <dt>{t("applicant")}</dt>
        <dd>{pick(grant.receiver.name)}</dd>
        <dt>{t("items")}</dt>
        <dd>{list(grant.items.map(({ name }) => pick(name))) || "—"}</dd>
        <dt>{t("region")}</dt>
        <dd>{pick(grant.regionName)}</dd>
        <dt>{t("gPeriod")}</dt>
        <dd>
          {grant.startsOn ?? "—"} → {grant.endsOn ?? t("gNoEnd")}
        </dd>
        <dt>{t("mode")}</dt>
        <dd>{grant.mode === null ? "—" : term(grant.mode)}</dd>
        <dt>{t("gEndpoint")}</dt>
        <dd>{grant.endpoint ?? "—"}</dd>
        <dt>{t("gCallsPerDay")}</dt>
        <dd>{grant.callsPerDay ?? "—"}</dd>
        {grant.conditions.length > 0 && (
          <>
            <dt>{t("gConditions")}</dt>
            <dd>{clauses(grant.conditions)}</dd>
          </>
        )}
        <dt>{t("gCase")}</dt>
        <dd>
          <Link to={`/cases/${grant.id}`}>{grant.caseNumber}</Link>
        </dd>
        {grant.supervision && (
          <>
            <dt>{t("gSupervision")}</dt>
            <dd>
              <Link to={`/cases/${grant.supervision.id}`}>{grant.supervision.number}</Link>
            </dd>
          </>
        )}
        {grant.pending.length > 0 && (
          <>
            <dt>{t("gPending")}</dt>
            <dd>
              {grant.pending.map(({ name, organisation, role, dueAt }) => (
                <div key={`${name.zh}${organisation.id}`}>
                  {pick(name)} · {pick(organisation.name)} · {pick(role)}
                  {dueAt !== null && ` · ${t("due")} ${chinaTime(dueAt)}`}
                </div>
              ))}
            </dd>
          </>
        )}
        {grant.endedAt !== null && <Ending grant={grant} />}
      </dl>
    </section>
  );
}

function Ending({ grant }: { grant: GrantDetail }) {
  const { t, term } = useText();
  return (
    <>
      <dt>{t("gList_over")}</dt>
      <dd>
        {dayOf(grant.endedAt)} {grant.endedBecause !== null && term(`gBecause_${grant.endedBecause}`)} {grant.endedNote}
        {grant.acceptedAt !== null && (
          <>
            {" "}
            ·{" "}
            {grant.switchedOffAt === null
              ? t("gSwitchOffOpen", { due: chinaTime(grant.switchOffDueAt) })
              : `${t("gSwitchedOff")} ${dayOf(grant.switchedOffAt)}`}
          </>
        )}
      </dd>
      {grant.disposal && (
        <>
          <dt>{t("gDisposal")}</dt>
          <dd>
            {grant.disposal.certificate ??
              t(grant.disposal.overdue ? "gDisposalOverdue" : "gDisposalDue", {
                date: dayOf(grant.disposal.dueAt),
              })}{" "}
            {grant.disposal.file && (
              <a href={`/api/attachments/${grant.disposal.file.id}`} title={`SHA-256 ${grant.disposal.file.sha256}`}>
                {grant.disposal.file.name}
              </a>
            )}
          </dd>
        </>
      )}
    </>
  );
}
