import type { HostRuntime } from "./conformance-report.ts";

interface Hosts {
  readonly Deno?: { readonly version: { readonly deno: string } };
  readonly Bun?: { readonly version: string };
  readonly process?: { readonly versions?: { readonly node?: string } };
  readonly navigator?: { readonly userAgent?: string };
}

/** Tells in which runtime this program runs, by what `host` offers. Deno and Bun pass themselves off as Node, so they come first. */
export function hostRuntime(host: object = globalThis): HostRuntime {
  const { Deno, Bun, process, navigator } = host as Hosts;
  if (Deno?.version?.deno) return { name: "deno", version: Deno.version.deno };
  if (Bun?.version) return { name: "bun", version: Bun.version };
  const agent = navigator?.userAgent ?? "";
  if (agent === "Cloudflare-Workers") return { name: "workerd", version: "unknown" };
  if (process?.versions?.node) return { name: "node", version: process.versions.node };
  if (agent === "") return { name: "unknown", version: "unknown" };
  const [, version] = /(?:Firefox|Chrome|Version)\/([\d.]+)/.exec(agent) ?? [];
  return { name: "browser", version: version ?? agent };
}
