@echo off
rem Starts the program by double click (Windows). All the rest is in launch.py.
cd /d "%~dp0.."
for %%P in ("py -3" "python" "py -3.13" "py -3.12" "py -3.11") do (
    %%~P -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && (
        %%~P deploy\launch.py %*
        if errorlevel 1 pause
        exit /b
    )
)
echo Python 3.11 or newer is needed, and none was found on this machine: get one from python.org.
pause
exit /b 1
