// Chromium and what it needs of the system, out of the package @sparticuz/chromium: the tests need no browser installed.
// The libraries and fonts of the package are used everywhere, so that a bare container and a desktop show the same pages.
import { existsSync } from "node:fs";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const modules = fileURLToPath(new URL("node_modules/", import.meta.url));
const unpacked = path.join(modules, `.browser-${process.getuid?.() ?? "any"}`);

export async function launch() {
  await unpack();
  return chromium.launch({
    executablePath: path.join(unpacked, "chromium"),
    // A container gives the sandbox no user namespaces, and its /dev/shm is small. The pages are our own.
    args: ["--no-sandbox", "--no-zygote", "--disable-dev-shm-usage", "--disable-gpu", "--font-render-hinting=none"],
    env: { ...process.env, LD_LIBRARY_PATH: path.join(unpacked, "al2023/lib"), FONTCONFIG_FILE: path.join(unpacked, "fonts.conf") },
  });
}

// Into a folder of its own, then renamed: two test processes that start at once never see half a browser.
async function unpack() {
  if (existsSync(unpacked)) return;
  const folder = await mkdtemp(path.join(modules, ".unpacking-"));
  // The package unpacks below TMPDIR, and unpacks its libraries only where it believes to be a function in a cloud.
  const { TMPDIR } = process.env;
  Object.assign(process.env, { TMPDIR: folder, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x" });
  const { default: packed } = await import("@sparticuz/chromium");
  await packed.executablePath();
  delete process.env.AWS_EXECUTION_ENV;
  if (TMPDIR) process.env.TMPDIR = TMPDIR;
  else delete process.env.TMPDIR;
  // The package's own names folders of that cloud, and without a single font a page shows no text at all.
  const fonts = `<fontconfig><dir>${unpacked}/fonts/fonts</dir><cachedir>${unpacked}/fonts-cache</cachedir></fontconfig>`;
  await writeFile(path.join(folder, "fonts.conf"), `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">${fonts}\n`);
  await rename(folder, unpacked).catch(() => rm(folder, { recursive: true }));
}
