import { Tag } from "antd";
import { Link } from "react-router";
import type { ApplicationSummary } from "../../server/api/applications/applications.schema.ts";
import { useText } from "../i18n/i18n.ts";
import { CasePath } from "../parts/case-parts.tsx";
import { Loaded, Page, useApi } from "../parts/page.tsx";
import { chinaTime } from "../parts/time.ts";

export function Applications() {
  const { t, pick, term, clauses } = useText();
  const applications = useApi<{ items: ApplicationSummary[] }>("/api/applications?limit=50");
  return (
    <Page title={t("menuApplications")}>
      <Loaded result={applications}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="card">
              {t("empty")} <Link to="/apply">{t("menuApply")}</Link>
            </p>
          ) : (
            items.map((application) => (
              <section key={application.id} className="card">
                <div className="row">
                  <Link to={`/cases/${application.instanceId}`}>
                    <strong>{pick(application.resource.name)}</strong> {application.number}
                  </Link>
                  <Tag>{term(`app_${application.state}`)}</Tag>
                  <span className="muted">
                    {t("due")} {chinaTime(application.dueAt)}
                  </span>
                </div>
                <CasePath path={application.path} />
                <div className="muted">
                  {clauses(
                    application.currentSteps.map(
                      (step) => `${pick(step.name)} · ${step.organisation ? pick(step.organisation.name) : ""}`,
                    ),
                  )}
                </div>
              </section>
            ))
          )
        }
      </Loaded>
    </Page>
  );
}
