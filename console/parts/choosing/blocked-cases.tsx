import { Link } from "react-router";
import type { BlockedCases } from "../../../server/api/blocked/blocked.schema.ts";
import { useText } from "../../i18n/i18n.ts";
import { useApi } from "../page.tsx";
import { chinaTime } from "../time.ts";

/** Cases that stand still until somebody mends something; nothing at all for readers who oversee none. */
export function BlockedList() {
  const { t, pick } = useText();
  const blocked = useApi<BlockedCases>("/api/blocked-cases");
  const items = blocked.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section className="card" aria-labelledby="blocked-cases">
      <h2 id="blocked-cases">{t("blockedCases", { count: items.length })}</h2>
      <ul>
        {items.map((item) => (
          <li key={`${item.instanceId} ${item.element?.en ?? ""} ${item.message}`}>
            <Link to={`/cases/${item.instanceId}`}>{item.caseNumber}</Link> {pick(item.subject)} ·{" "}
            {item.element && `${pick(item.element)} · `}
            {t(`blocked_${item.why}`)}
            <div className="muted">
              {item.message} {item.since && chinaTime(item.since)}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
