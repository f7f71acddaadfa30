import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { Client } from "../../bin/demo/client.ts";
import { applicationForm } from "../../bin/demo/forms.ts";
import { demoPassword } from "../../server/runtime/seed.ts";
import { ApiBench } from "../api/support.ts";
import { openBrowser, picture, Seat, wide } from "./browser.ts";
import { ServerProcess } from "./server-process.ts";

/** A product that runs, and how it ends. */
interface Product {
  readonly url: string;
  readonly end: () => Promise<void>;
}

export interface BenchOptions {
  /** Refusals that these tests provoke, beside nobody signed in (401) and a form to correct (422): HTTP statuses. */
  readonly refusals?: readonly number[];
  /** Dialogs and lists move, as they do for most people; elsewhere they are still, so that a click meets what it was meant for. */
  readonly moves?: boolean;
}

/**
 * A product, a browser, and the people who sit at it, for the tests of one file: opened before them, closed after them. No
 * test has to ask whether a page complained: after each test, none may have.
 */
export class BrowserBench<P extends Product> {
  readonly #refusals: readonly number[];
  readonly #reducedMotion: "reduce" | "no-preference";
  readonly #seats: Seat[] = [];
  readonly #remembered = new Map<string, Promise<Seat>>();
  #opened: { readonly product: P; readonly browser: Browser } | null = null;

  constructor(start: () => Promise<P>, { refusals = [], moves = false }: BenchOptions) {
    this.#refusals = refusals;
    this.#reducedMotion = moves ? "no-preference" : "reduce";
    beforeAll(async () => {
      this.#opened = { product: await start(), browser: await openBrowser() };
    });
    afterEach(async ({ task }) => {
      if (task.result?.state === "fail")
        for (const [place, { page }] of this.#seats.entries()) await picture(page, `failed-${task.id}-${place}`);
      this.#refuseComplaints();
    });
    afterAll(async () => {
      await this.#opened?.browser.close();
      await this.#opened?.product.end();
    });
  }

  get product(): P {
    return this.#open().product;
  }

  get url(): string {
    return this.product.url;
  }

  /** A person of the demo, by name, at a browser of their own. */
  async seat(name: string, viewport = wide): Promise<Seat> {
    const seat = await Seat.take(this.#open().browser, this.url, name, {
      viewport,
      refusals: this.#refusals,
      reducedMotion: this.#reducedMotion,
    });
    this.#seats.push(seat);
    return seat;
  }

  /** The seat that this person has taken here already, or their first. */
  async seatOf(name: string): Promise<Seat> {
    const seat = this.#remembered.get(name) ?? this.seat(name);
    this.#remembered.set(name, seat);
    return seat;
  }

  /** A person of the demo, by account, over the API: for what a test needs done that is not its subject. */
  async as(account: string): Promise<Client> {
    return Client.signIn(this.url, account, demoPassword);
  }

  /** Hands in the demo's application over the API. Gives the id of its case. */
  async apply(): Promise<string> {
    const body = { resourceId: "res-medical", organisationId: "nm-civil", request: applicationForm };
    const clerk = await this.as("wang");
    return (await clerk.call<{ instanceId: string }>("POST", "/api/applications", body)).instanceId;
  }

  #refuseComplaints(): void {
    const complaints = this.#seats.flatMap(({ faults }) => faults);
    if (complaints.length > 0) throw new Error(`the pages complained: ${complaints.join("; ")}`);
  }

  #open(): { readonly product: P; readonly browser: Browser } {
    if (!this.#opened) throw new Error("the bench opens before the tests of its file, not while the file is read");
    return this.#opened;
  }
}

/** A browser at the product as users run it: a process of its own on a new data folder. */
export function productInBrowser(
  options: BenchOptions & {
    /** Settings of its environment, asked for when it starts. */
    readonly settings?: () => Promise<Readonly<Record<string, string>>>;
  } = {},
): BrowserBench<Product> {
  return new BrowserBench(async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "jieli-browser-"));
    const settings = (await options.settings?.()) ?? {};
    const server = await ServerProcess.start({ dataDir, databaseUrl: null, settings });
    const end = async () => {
      await server.end("SIGTERM");
      rmSync(dataDir, { recursive: true, force: true });
    };
    return { url: server.url, end };
  }, options);
}

/** A browser at a server in the test's own process, whose clock stands still and whose store the test may write to. */
export function apiInBrowser(options: BenchOptions = {}): BrowserBench<Product & { readonly api: ApiBench }> {
  return new BrowserBench(async () => {
    const api = await ApiBench.open();
    const { port } = api.server.address() as AddressInfo;
    return { api, url: `http://127.0.0.1:${port}`, end: () => api.close() };
  }, options);
}
