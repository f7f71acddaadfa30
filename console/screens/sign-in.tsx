import { useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useState } from "react";
import type { z } from "zod";
import type { demoAccounts } from "../../server/api/session/session.schema.ts";
import { api } from "../api/client.ts";
import { setLanguage, useText } from "../i18n/i18n.ts";
import { Failure, Page, useApi } from "../parts/page.tsx";
import { Scroll } from "../parts/scroll.tsx";

export function SignIn() {
  const { t, pick, language } = useText();
  const client = useQueryClient();
  const demo = useApi<z.infer<typeof demoAccounts>>("/api/session/demo-accounts");
  const [account, setAccount] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>(null);
  const signIn = async (name: string, secret: string) => {
    try {
      await api.post("/api/session", { account: name, password: secret });
      await client.resetQueries({ queryKey: ["session"] });
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <main style={{ maxWidth: 860, margin: "0 auto", padding: 20 }}>
      <Page
        title={`${t("product")} · ${t("tagline")}`}
        extra={<Button onClick={() => setLanguage(language === "zh" ? "en" : "zh")}>{t("language")}</Button>}
      >
        <form
          className="card"
          onSubmit={(event) => {
            event.preventDefault();
            void signIn(account, password);
          }}
        >
          {error !== null && <Failure error={error} />}
          <label className="field">
            <span>{t("account")}</span>
            <Input value={account} autoComplete="username" onChange={(event) => setAccount(event.target.value)} />
          </label>
          <label className="field">
            <span>{t("password")}</span>
            <Input
              type="password"
              value={password}
              autoComplete="current-password"
              onChange={(event) => setPassword(event.target.value)}
            />
          </label>
          <Button type="primary" htmlType="submit">
            {t("signIn")}
          </Button>
        </form>
        {demo.data && (
          <section className="card">
            <h2>{t("demoAccounts")}</h2>
            <Scroll label={t("demoAccounts")}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{t("account")}</th>
                    <th scope="col">{t("organisation")}</th>
                    <th scope="col">{t("duty")}</th>
                  </tr>
                </thead>
                <tbody>
                  {demo.data.items.map((item) => (
                    <tr key={item.account}>
                      <td>
                        <Button onClick={() => void signIn(item.account, item.password)}>
                          {item.name} {item.account}
                        </Button>
                      </td>
                      <td>{pick(item.organisation)}</td>
                      <td>{pick(item.does)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scroll>
          </section>
        )}
      </Page>
    </main>
  );
}
