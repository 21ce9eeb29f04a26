"""``python -m bot``. Nothing happens at import, for an executor's children may read this file again."""

if __name__ == "__main__":
    from bot.cli.app import main

    main()
