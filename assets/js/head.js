/* Runs before the first paint: the chosen theme and a company's own colour, so that nothing flashes.
   The company's colour is moved until text on it and text in it can be read (contrast 4.5). */
(() => {
  const root = document.documentElement;
  try {
    const kept = localStorage.getItem("theme");
    if (kept === "light" || kept === "dark") root.dataset.theme = kept;
  } catch {
    // Storage may be closed to the page; the cookie has told the server already.
  }

  const given = /^#?([0-9a-f]{6})$/i.exec(root.dataset.brand ?? "");
  if (!given) return;
  const brand = [0, 2, 4].map((at) => parseInt(given[1].slice(at, at + 2), 16));
  const mix = (colour, other, part) => colour.map((c, at) => Math.round(c + (other[at] - c) * part));
  const css = (colour) => `rgb(${colour.join(" ")})`;
  const light = (colour) => {
    const [r, g, b] = colour.map((c) => {
      const part = c / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [x, y] = [light(a), light(b)];
    return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
  };
  const [white, black] = [
    [255, 255, 255],
    [8, 18, 20],
  ];

  function paint() {
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    const paper = dark ? [18, 28, 31] : white;
    const toward = dark ? white : black;
    let words = brand;
    for (let part = 0.1; contrast(words, paper) < 4.6 && part <= 1; part += 0.1) words = mix(brand, toward, part);
    const on = contrast(brand, white) >= 4.5 ? white : black;
    const set = (name, colour) => root.style.setProperty(name, css(colour));
    set("--brand", brand);
    set("--brand-hover", mix(brand, on === white ? black : white, 0.15));
    set("--on-brand", on);
    set("--brand-text", words);
    set("--brand-soft", mix(brand, paper, 0.88));
    set("--brand-line", mix(brand, paper, 0.6));
    set("--focus", words);
  }

  paint();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  new MutationObserver(paint).observe(root, { attributeFilter: ["data-theme"] });
})();
