// The viewer's scripts are plain: page.py makes each a strict function of viewer, what they share.
import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    files: ["lib/mali_incidents/maps/viewer/*.js"],
    languageOptions: {
      // A script of its own scope, as each has in the page.
      sourceType: "commonjs",
      parserOptions: { ecmaFeatures: { impliedStrict: true } },
      globals: { ...globals.browser, L: "readonly", viewer: "readonly" },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      curly: ["error", "multi-line"],
      eqeqeq: "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-shadow": "error",
      "no-unused-vars": ["error", { caughtErrors: "all" }],
      "no-var": "error",
      "prefer-const": "error",
      "no-restricted-properties": [
        "error",
        ...["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({
          property,
          message: "A record's text is only ever a text node.",
        })),
        { object: "document", property: "write" },
      ],
      strict: ["error", "never"],
    },
  },
];
