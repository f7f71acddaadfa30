import { Input, Tag } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import type { z } from "zod";
import type { instanceSummary } from "../../server/api/instances/instances.schema.ts";
import { query } from "../api/client.ts";
import { useText } from "../i18n/i18n.ts";
import { BlockedList } from "../parts/choosing/blocked-cases.tsx";
import { Loaded, Page, useApi } from "../parts/page.tsx";
import { chinaTime } from "../parts/time.ts";
import { Scroll } from "../parts/scroll.tsx";

export function Cases() {
  const { t, pick, term } = useText();
  const [search, setSearch] = useState("");
  const cases = useApi<{ items: z.infer<typeof instanceSummary>[] }>(`/api/instances${query({ search, limit: "50" })}`);
  return (
    <Page title={t("menuCases")}>
      <Input
        style={{ maxWidth: 320, marginBottom: 12 }}
        allowClear
        aria-label={t("search")}
        placeholder={t("search")}
        onChange={(event) => setSearch(event.target.value)}
      />
      <BlockedList />
      <Loaded result={cases}>
        {({ items }) => (
          <Scroll label={t("menuCases")}>
            <table>
              <thead>
                <tr>
                  {[t("number"), t("matter"), t("applicant"), t("provider"), t("due"), t("state")].map((heading) => (
                    <th key={heading} scope="col">
                      {heading}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {items.map((item) => (
                  <tr key={item.id}>
                    <td>
                      <Link to={`/cases/${item.id}`}>{item.caseNumber}</Link>
                    </td>
                    <td>{pick(item.subject)}</td>
                    <td>{pick(item.applicant.name)}</td>
                    <td>{pick(item.provider.name)}</td>
                    <td>{chinaTime(item.dueAt)}</td>
                    <td>
                      {term(`status_${item.status}`)} {item.incidents > 0 && <Tag color="error">{t("incidents")}</Tag>}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            {items.length === 0 && <p>{t("empty")}</p>}
          </Scroll>
        )}
      </Loaded>
    </Page>
  );
}
