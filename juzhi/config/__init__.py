"""The only place that knows everyone: settings, addresses, navigation, schedule, command line, server."""
