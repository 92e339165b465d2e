import { QueryClient, QueryClientProvider } from '@tanstack/preact-query';
import { render } from 'preact';
import { App } from './app.tsx';
import { applyTheme } from './lib/local.ts';
import './styles/index.css';

applyTheme();
const client = new QueryClient();
const root = document.getElementById('root');
if (root)
  render(
    <QueryClientProvider client={client}>
      <App />
    </QueryClientProvider>,
    root,
  );
