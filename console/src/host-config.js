// How Teams draws an Adaptive Card, in sizes and colours: our own approximation of its light and
// dark themes. The renderer is Microsoft's; this only tells it which fonts, spaces and colours to use.
const font = "'Segoe UI', system-ui, -apple-system, 'Helvetica Neue', Arial, sans-serif";
const mono = "ui-monospace, 'Cascadia Mono', Consolas, 'Liberation Mono', monospace";
const sizes = { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 };
const weights = { lighter: 300, default: 400, bolder: 600 };

const INK = {
  light: {
    default: ['#242424', '#616161'], dark: ['#242424', '#616161'], light: ['#ffffff', '#f0f0f0'],
    accent: ['#444791', '#5b5fc7'], good: ['#0e700e', '#0e700e'],
    warning: ['#835b00', '#835b00'], attention: ['#b10e1c', '#b10e1c'],
  },
  dark: {
    default: ['#ffffff', '#c4c4c4'], dark: ['#1f1f1f', '#3d3d3d'], light: ['#ffffff', '#d6d6d6'],
    accent: ['#aab1fa', '#9ea2ff'], good: ['#92c353', '#92c353'],
    warning: ['#fde300', '#fde300'], attention: ['#f1707b', '#f1707b'],
  },
};
const PAPER = {
  light: { default: '#ffffff', emphasis: '#f5f5f5', accent: '#e8ebfa', good: '#e7f2e7', warning: '#fff4d6', attention: '#fcebec' },
  dark: { default: '#292929', emphasis: '#1f1f1f', accent: '#2f2f4a', good: '#1e331e', warning: '#3a3000', attention: '#3f1d20' },
};

export function hostConfig(theme) {
  const ink = Object.fromEntries(
    Object.entries(INK[theme]).map(([name, [plain, subtle]]) => [name, { default: plain, subtle }]),
  );
  const containerStyles = Object.fromEntries(
    Object.entries(PAPER[theme]).map(([name, backgroundColor]) => [name, { backgroundColor, foregroundColors: ink }]),
  );
  return {
    fontFamily: font,
    supportsInteractivity: true,
    fontTypes: {
      default: { fontFamily: font, fontSizes: sizes, fontWeights: weights },
      monospace: { fontFamily: mono, fontSizes: sizes, fontWeights: weights },
    },
    spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
    separator: { lineThickness: 1, lineColor: theme === 'dark' ? '#474747' : '#e0e0e0' },
    imageSizes: { small: 32, medium: 52, large: 100 },
    textStyles: { heading: { size: 'large', weight: 'bolder' } },
    textBlock: { headingLevel: 3 },
    containerStyles,
    factSet: {
      title: { size: 'default', weight: 'bolder', wrap: true, maxWidth: 140 },
      value: { size: 'default', weight: 'default', wrap: true },
      spacing: 12,
    },
    inputs: {
      label: { requiredInputs: { suffix: ' (required)', weight: 'bolder' }, optionalInputs: { weight: 'bolder' } },
      errorMessage: { color: 'attention', weight: 'default' },
    },
    actions: {
      maxActions: 6,
      spacing: 'default',
      buttonSpacing: 8,
      showCard: { actionMode: 'inline', inlineTopMargin: 12, style: 'emphasis' },
      actionsOrientation: 'horizontal',
      actionAlignment: 'left',
    },
  };
}
