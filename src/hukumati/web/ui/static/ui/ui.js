// What makes pages better where scripts run. Every page works without. No text from outside becomes markup unchecked: the page's policy
// "require-trusted-types-for 'script'" leaves only the door below.
"use strict";
(() => {
  const harmful = "script,style,iframe,object,embed,base,meta,link,form[action^='javascript' i],a[href^='javascript' i],area[href^='javascript' i]";

  const clean = (root) => {
    root.querySelectorAll(harmful).forEach((node) => node.remove());
    root.querySelectorAll("*").forEach((node) => {
      for (const { name } of [...node.attributes]) if (name.startsWith("on") || name.startsWith("hx-on") || name === "style") node.removeAttribute(name);
    });
    root.querySelectorAll("template").forEach((template) => clean(template.content));
  };
  const checked = (html) => {
    const page = inert.parseFromString(inner ? inner.createHTML(html) : html, "text/html");
    clean(page);
    return page.documentElement.outerHTML;
  };
  const inert = new DOMParser();
  const inner = window.trustedTypes?.createPolicy("hukumati-inert", { createHTML: (html) => html });
  window.trustedTypes?.createPolicy("default", { createHTML: checked });
  const workers = window.trustedTypes?.createPolicy("hukumati-worker", {
    createScriptURL: (url) => {
      if (new URL(url, location.href).href !== new URL(document.body.dataset.worker, location.origin).href) throw new TypeError("not our worker");
      return url;
    },
  });

  const focusOnWhatIsWrong = () => document.querySelector("[data-focus]")?.focus();

  const linkErrorsToFields = () =>
    document.addEventListener("click", (event) => {
      const target = event.target.closest?.(".errors a[href^='#']")?.hash;
      const field = target && document.getElementById(target.slice(1));
      if (!field) return;
      event.preventDefault();
      field.focus({ preventScroll: true });
      (field.closest(".field") ?? field).scrollIntoView({ block: "start" });
    });

  const nameChosenFiles = () =>
    document.addEventListener("change", async (event) => {
      const input = event.target;
      if (!input.matches?.(".file-native")) return;
      const name = input.parentElement.querySelector(".file-name");
      await shrinkPicture(input);
      const chosen = input.files[0];
      const tooLarge = Boolean(chosen) && chosen.size > Number(input.dataset.bytesMax ?? Infinity);
      name.textContent = tooLarge ? input.dataset.tooLarge : chosen ? chosen.name : name.dataset.none;
      if (tooLarge) input.value = "";
      input.parentElement.classList.toggle("file-chosen", Boolean(chosen) && !tooLarge);
      input.parentElement.classList.toggle("file-refused", tooLarge);
      const said = input.parentElement.querySelector("[role='status']");
      if (said) said.textContent = tooLarge ? input.dataset.tooLarge : "";
    });

  // A telephone's picture is made smaller before it is sent: a slow line and a paid megabyte are the citizen's. The server judges what arrives.
  const SENT_AS_IT_IS_BYTES = 1000000;
  const SENT_SIDE_MAX = 2400;

  const shrinkPicture = async (input) => {
    const chosen = input.files[0];
    if (!input.dataset.bytesMax || !chosen?.type.startsWith("image/") || chosen.size <= SENT_AS_IT_IS_BYTES) return;
    try {
      const picture = await createImageBitmap(chosen);
      const scale = Math.min(1, SENT_SIDE_MAX / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [picture.width, picture.height].map((side) => Math.round(side * scale));
      const drawing = canvas.getContext("2d");
      drawing.fillStyle = "white";
      drawing.fillRect(0, 0, canvas.width, canvas.height);
      drawing.drawImage(picture, 0, 0, canvas.width, canvas.height);
      const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
      const files = new DataTransfer();
      if (made && made.size < chosen.size) files.items.add(new File([made], chosen.name, { type: "image/jpeg" }));
      if (files.files.length && input.files[0] === chosen) input.files = files.files;
    } catch {
      // Not a picture that this browser can draw: it is sent as it is.
    }
  };

  // A question that depends on another answer is hidden until that answer is given; without scripts it stands there, with words that say when.
  const askOnlyWhatApplies = () =>
    document.querySelectorAll("[data-when]").forEach((question) => {
      const form = question.closest("form");
      const show = () => {
        const given = new FormData(form).getAll(question.dataset.when).filter(Boolean);
        const { is = "", least } = question.dataset;
        const number = "counted" in question.dataset ? given.length : Number(given[0] || 0);
        const holds = least ? number >= Number(least) : given.some((value) => is.split(" ").includes(value));
        question.hidden = holds === "turned" in question.dataset;
      };
      form.addEventListener("change", show);
      show();
    });

  // A locality is chosen among those of its governorate; without scripts the list is grouped.
  const offerWhatLiesWithin = () =>
    document.querySelectorAll("[data-within]").forEach((inner) => {
      const outer = document.getElementById(inner.dataset.within);
      const groups = [...inner.querySelectorAll("optgroup")];
      const narrow = () => {
        const shown = groups.filter((group) => !outer.value || group.dataset.value === outer.value);
        if (outer.value && !shown.some((group) => [...group.children].some((option) => option.selected))) inner.value = "";
        groups.forEach((group) => group.remove());
        inner.append(...shown);
      };
      outer.addEventListener("change", narrow);
      narrow();
    });

  const offerCopying = () => {
    if (!navigator.clipboard) return;
    document.querySelectorAll("[data-copy]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.querySelector("span").textContent = button.dataset.copied;
      });
    });
  };

  // A second click on a slow line must not send a form twice; the server refuses doubles anyway.
  const sendOnce = () => {
    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (form.method !== "post" || event.defaultPrevented) return;
      if (form.dataset.sent) return void event.preventDefault();
      form.dataset.sent = "1";
      event.submitter?.setAttribute("aria-busy", "true");
    });
    window.addEventListener("pageshow", () => {
      document.querySelectorAll("form[data-sent]").forEach((form) => {
        delete form.dataset.sent;
        form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
      });
    });
  };

  const workOffline = () => {
    const url = document.body.dataset.worker;
    if (!url || !navigator.serviceWorker) return;
    navigator.serviceWorker.register(workers ? workers.createScriptURL(url) : url, { scope: "/" }).catch(() => {});
  };

  document.addEventListener("DOMContentLoaded", () => {
    focusOnWhatIsWrong();
    linkErrorsToFields();
    nameChosenFiles();
    askOnlyWhatApplies();
    offerWhatLiesWithin();
    offerCopying();
    sendOnce();
    workOffline();
  });
  document.addEventListener("htmx:afterSwap", () => {
    focusOnWhatIsWrong();
    offerCopying();
  });
})();
