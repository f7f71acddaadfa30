import { Link } from "react-router";
import type { GrantFigures } from "../../../server/api/grants/grants.schema.ts";
import { useText } from "../../i18n/i18n.ts";
import { Loaded, useApi } from "../page.tsx";

/** Approvals that have not become data, on the manager's board; the rest stands on a page of its own. */
export function NotDelivered() {
  const { t, term, pick } = useText();
  const figures = useApi<GrantFigures>("/api/grants/figures");
  return (
    <section className="card">
      <h2>{t("gBoard")}</h2>
      <Loaded result={figures}>
        {({ byProvider, byLevel }) => (
          <>
            <p>
              {byLevel.map(({ level, notDelivered }) => `${term(level)} ${notDelivered}`).join(" · ")}{" "}
              <Link to="/grants?view=seen&list=notDelivered">{t("gBoardLink")}</Link>
            </p>
            <ul>
              {byProvider
                .filter(({ notDelivered }) => notDelivered > 0)
                .map((row) => (
                  <li key={row.provider.id}>
                    <Link to={`/grants?view=seen&list=notDelivered&provider=${row.provider.id}`}>
                      {pick(row.provider.name)} {row.notDelivered}
                    </Link>{" "}
                    <span className="muted">
                      {t("gOldest")} {row.oldestDays ?? "—"}
                    </span>
                  </li>
                ))}
            </ul>
          </>
        )}
      </Loaded>
    </section>
  );
}
