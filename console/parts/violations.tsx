import { Link } from "react-router";
import type { ViolationCounts, ViolationView } from "../../server/api/supervision/violations.schema.ts";
import { query } from "../api/client.ts";
import { useText } from "../i18n/i18n.ts";
import { Loaded, useApi } from "./page.tsx";
import { chinaTime } from "./time.ts";

const listPath = (organisation?: string) => `/supervision${query({ view: "violations", organisation })}`;

/** Requests for a second supplement, on the manager's board; every number leads to its cases. */
export function ViolationFigures() {
  const { t, pick } = useText();
  const counts = useApi<ViolationCounts>("/api/sla/violations");
  return (
    <section className="card">
      <h2>{t("violations")}</h2>
      <Loaded result={counts}>
        {({ total, byOrganisation }) => (
          <>
            <p>
              {total === 0 ? (
                t("violationsNone")
              ) : (
                <Link to={listPath()}>{t("violationsTotal", { count: total })}</Link>
              )}
            </p>
            <ul>
              {byOrganisation.map(({ organisation, count }) => (
                <li key={organisation.id}>
                  <Link to={listPath(organisation.id)}>
                    {pick(organisation.name)} {count}
                  </Link>
                </li>
              ))}
            </ul>
          </>
        )}
      </Loaded>
    </section>
  );
}

/** Each of them with its case, who asked, and who permitted it why. */
export function ViolationList({ organisation }: { organisation: string | null }) {
  const { t, pick } = useText();
  const path = `/api/supervision/violations${query({ limit: "100", organisation: organisation ?? undefined })}`;
  const list = useApi<{ items: ViolationView[] }>(path);
  return (
    <Loaded result={list}>
      {({ items }) => (
        <ul className="timeline">
          {items.map((item) => (
            <li key={item.id}>
              <span className="muted">{chinaTime(item.at)}</span> <strong>{pick(item.organisation.name)}</strong>{" "}
              <Link to={`/cases/${item.case.instanceId}`}>{item.case.caseNumber}</Link> {pick(item.case.subject)}
              <p>
                {t("violationOf", { count: item.ordinal, askedBy: item.askedBy })}{" "}
                {t("violationPermit", { permittedBy: item.permittedBy, reason: item.reason })}
              </p>
            </li>
          ))}
          {items.length === 0 && <li>{t("violationsNone")}</li>}
        </ul>
      )}
    </Loaded>
  );
}
