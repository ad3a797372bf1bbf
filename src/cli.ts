#!/usr/bin/env node
// Command-line entry point: `alb-istio`.
import { runProcess } from './cli/main';

runProcess();
