"""Evidence into verdicts. Pure: values in, reasons out; no file, socket or clock, and no opinion without evidence."""
