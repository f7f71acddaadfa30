import type { z } from "zod";
import { Link } from "react-router";
import type { urgePage } from "../../../server/api/urges/urges.schema.ts";
import { useText } from "../../i18n/i18n.ts";
import { Loaded, useApi } from "../page.tsx";
import { chinaTime } from "../time.ts";

/** Urges in the cases that the reader oversees, the newest first, with how often each case was urged about. */
export function UrgesCard() {
  const { t, pick } = useText();
  const urges = useApi<z.infer<typeof urgePage>>("/api/urges?limit=20");
  return (
    <section className="card">
      <h2>{t("urges")}</h2>
      <Loaded result={urges}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="muted">{t("urgesEmpty")}</p>
          ) : (
            <ul className="plain">
              {items.map((urge) => (
                <li key={urge.id}>
                  <Link to={`/cases/${urge.instanceId}`}>{urge.caseNumber}</Link> {pick(urge.subject)} · {urge.by.name}{" "}
                  {chinaTime(urge.at)} · {t("urgesCount", { count: urge.urgedInAll })} {urge.note}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}
